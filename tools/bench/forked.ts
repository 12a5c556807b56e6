import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Reply, Request, Requests } from './requests.ts'

/** A program in its own process that serves one request after another. It ends with this process. */
export interface Forked<Of extends Requests<Of>> {
  pid: number
  ask<Name extends keyof Of>(name: Name, request: Of[Name]['request']): Promise<Of[Name]['reply']>
  stop(): Promise<unknown>
}

export function startForked<Of extends Requests<Of>>(program: string, ...words: string[]): Forked<Of> {
  const child = fork(program, words, { execArgv: ['--import', 'tsx'] })
  const exited = once(child, 'exit')
  const ended = exited.then(() => Promise.reject(new Error(`${program} ended.`)))
  ended.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    async ask(name, request) {
      const sent: Request<Of> = { name, request }
      child.send(sent)
      const [received]: Reply[] = await Promise.race([once(child, 'message'), ended])
      if (!received || 'error' in received) throw new Error(`${String(name)}: ${received?.error}`)
      return received.reply
    },
    stop() {
      if (child.connected) child.disconnect()
      return exited
    },
  }
}
