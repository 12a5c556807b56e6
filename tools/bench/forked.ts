import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Question, Reply, Words } from './answering.ts'

/** A program in a process of its own, asked one thing after another. It ends when nobody can ask any more. */
export interface Forked<Of extends Words<Of>> {
  pid: number
  ask<Word extends keyof Of>(word: Word, asked: Of[Word]['asked']): Promise<Of[Word]['answered']>
  stop(): Promise<unknown>
}

export function startForked<Of extends Words<Of>>(program: string, ...words: string[]): Forked<Of> {
  const child = fork(program, words, { execArgv: ['--import', 'tsx'] })
  const exited = once(child, 'exit')
  const ended = exited.then(() => Promise.reject(new Error(`${program} ended.`)))
  ended.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    async ask(word, asked) {
      const question: Question<Of> = { word, asked }
      child.send(question)
      const [reply]: Reply[] = await Promise.race([once(child, 'message'), ended])
      if (!reply || 'refused' in reply) throw new Error(`${String(word)}: ${reply?.refused}`)
      return reply.answered
    },
    stop() {
      if (child.connected) child.disconnect()
      return exited
    },
  }
}
