import type { BaseApp, LogFields } from './app.ts'

/** Writes a log line. A line that cannot be written must not cost anyone an answer. */
export function writeLog(app: Pick<BaseApp, 'report'>, fields: LogFields): void {
  try {
    app.report(fields)
  } catch {
    // There is no other place for it.
  }
}

export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
