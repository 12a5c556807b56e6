import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A program of this folder in a process of its own that is asked one thing after another. It ends when nobody can ask any more. */
export interface Forked {
  pid: number
  /** What it says of itself. */
  hear(): Promise<unknown>
  ask(question: object | string): Promise<unknown>
  stop(): Promise<unknown>
}

export function startForked(program: string, ...words: string[]): Forked {
  const child = fork(`bench/${program}`, words, { execArgv: ['--import', 'tsx'] })
  const exited = once(child, 'exit')
  const ended = exited.then(() => Promise.reject(new Error(`${program} ended.`)))
  ended.catch(() => undefined)
  const hear = async () => {
    const [said] = await Promise.race([once(child, 'message'), ended])
    return said
  }
  return {
    pid: child.pid ?? 0,
    hear,
    ask(question) {
      child.send(question)
      return hear()
    },
    stop() {
      if (child.connected) child.disconnect()
      return exited
    },
  }
}
