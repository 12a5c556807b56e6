import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { idOf, pick, sequence } from './chance.ts'
import { personAt } from './people.ts'

/** 100,000 messages are five months. */
const betweenMs = 130_000
const begunAt = Date.UTC(2024, 0, 2)

const authors = 12

/** Somebody who says something once in a thousand messages. */
export const silent = personAt(authors)

export const messageWords = { rare: 'quokka', common: 'deploy', phrase: 'rolling back tonight' }

const words: readonly [string, ...string[]] = [
  'about', 'after', 'again', 'alert', 'almost', 'answer', 'back', 'before', 'branch', 'build', 'cache', 'call',
  'change', 'check', 'coffee', 'config', 'could', 'customer', 'data', 'disk', 'done', 'error', 'every', 'failed',
  'fixed', 'friday', 'from', 'going', 'graph', 'have', 'just', 'latency', 'later', 'look', 'maybe', 'meeting',
  'merge', 'minutes', 'morning', 'need', 'node', 'please', 'queue', 'ready', 'release', 'report', 'restart',
  'review', 'rolling', 'same', 'should', 'slow', 'somebody', 'still', 'test', 'thanks', 'that', 'the', 'ticket',
  'time', 'today', 'tonight', 'version', 'waiting', 'was', 'when', 'with', 'working', 'yesterday', 'you',
] // biome-ignore format: one word a line tells nothing more

/** Times rise, at gaps of their own. */
export const sentAt = (seq: number): number => begunAt + seq * betweenMs + Math.floor(sequence(seq)() * (betweenMs - 1))

/** What stands at a position of every log that is filled: the same each time it is asked for. */
export function messageAt(seq: number, digest: (body: { text: string }) => string): Entry {
  const chance = sequence(seq + 1)
  const from = seq % 1000 === 123 ? silent : personAt(Math.floor(chance() * authors))
  const body = { text: textAt(seq) }
  return { seq, sentAt: sentAt(seq), from, clientMessageId: idOf('message', seq), digest: digest(body), body }
}

/** About 120 characters, of which one message in so many has a word or phrase that is looked for. */
export function textAt(seq: number): string {
  const chance = sequence(seq + 2)
  const length = 80 + chance() * 75
  const said: string[] = [
    ...(seq % 10_000 === 4321 ? [messageWords.rare] : []),
    ...(seq % 20 === 7 ? [messageWords.common] : []),
    ...(seq % 1000 === 500 ? [messageWords.phrase] : []),
  ]
  for (let size = said.join(' ').length; size < length; ) {
    const word = pick(words, chance)
    said.push(word)
    size += word.length + 1
  }
  return said.join(' ')
}
