import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { idOf, pick, sequence } from './chance.ts'
import { personAt } from './people.ts'

/** With this interval 100,000 messages take five months. */
const intervalMs = 130_000
const startedAt = Date.UTC(2024, 0, 2)

const authors = 12

/** The author of one message in a thousand. */
export const rareAuthor = personAt(authors)

export const messageWords = { rare: 'quokka', common: 'deploy', phrase: 'rolling back tonight' }

const words: readonly [string, ...string[]] = [
  'about', 'after', 'again', 'alert', 'almost', 'answer', 'back', 'before', 'branch', 'build', 'cache', 'call',
  'change', 'check', 'coffee', 'config', 'could', 'customer', 'data', 'disk', 'done', 'error', 'every', 'failed',
  'fixed', 'friday', 'from', 'going', 'graph', 'have', 'just', 'latency', 'later', 'look', 'maybe', 'meeting',
  'merge', 'minutes', 'morning', 'need', 'node', 'please', 'queue', 'ready', 'release', 'report', 'restart',
  'review', 'rolling', 'same', 'should', 'slow', 'somebody', 'still', 'test', 'thanks', 'that', 'the', 'ticket',
  'time', 'today', 'tonight', 'version', 'waiting', 'was', 'when', 'with', 'working', 'yesterday', 'you',
] // biome-ignore format: one word a line would be long

/** Ascending times with random intervals. */
export const sentAt = (seq: number): number =>
  startedAt + seq * intervalMs + Math.floor(sequence(seq)() * (intervalMs - 1))

/** The message at a position of each generated log, always the same. */
export function messageAt(seq: number, digest: (body: { text: string }) => string): Entry {
  const chance = sequence(seq + 1)
  const from = seq % 1000 === 123 ? rareAuthor : personAt(Math.floor(chance() * authors))
  const body = { text: textAt(seq) }
  return { seq, sentAt: sentAt(seq), from, clientMessageId: idOf('message', seq), digest: digest(body), body }
}

/** About 120 characters; some messages have a word or a phrase that searches look for. */
export function textAt(seq: number): string {
  const chance = sequence(seq + 2)
  const length = 80 + chance() * 75
  const parts: string[] = [
    ...(seq % 10_000 === 4321 ? [messageWords.rare] : []),
    ...(seq % 20 === 7 ? [messageWords.common] : []),
    ...(seq % 1000 === 500 ? [messageWords.phrase] : []),
  ]
  for (let size = parts.join(' ').length; size < length; ) {
    const word = pick(words, chance)
    parts.push(word)
    size += word.length + 1
  }
  return parts.join(' ')
}
