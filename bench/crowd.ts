import type { CrowdWord, CrowdWords } from './crowd-words.ts'
import { type Forked, startForked } from './forked.ts'

/** Thousands of clients in a process of their own. */
export interface Crowd extends Pick<Forked, 'pid' | 'stop'> {
  ask<Word extends CrowdWord>(word: Word, asked: CrowdWords[Word]['asked']): Promise<CrowdWords[Word]['answered']>
}

type Reply = { answered: never } | { refused: string }

export function startCrowd(url: string): Crowd {
  const { pid, stop, ask } = startForked('crowd-clients.ts', url)
  return {
    pid,
    stop,
    async ask(word, asked) {
      const reply = (await ask({ word, asked })) as Reply
      if ('refused' in reply) throw new Error(`${word}: ${reply.refused}`)
      return reply.answered
    },
  }
}
