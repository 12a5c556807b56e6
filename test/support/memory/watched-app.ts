import type { LogLevel } from '../../../lambdas/bindings.ts'
import { RequestLog } from '../../../lambdas/request-log.ts'
import { type MemoryApp, memoryApp } from './app.ts'

/** An app over stores in memory that writes the lines that a function would write. */
export function watchedApp(level: LogLevel = 'info'): { app: MemoryApp; written: string[] } {
  const written: string[] = []
  const app = memoryApp()
  const now = () => app.clock.now()
  const log = new RequestLog({ stack: 'Chat', level, now, write: (text) => void written.push(text) })
  app.metrics = log
  app.note = (fact, error) => log.note(fact, error)
  app.report = (line, error) => log.report(line, error)
  return { app, written }
}
