import { Refusal } from '../../lambdas/domain/errors.ts'
import { append } from '../../lambdas/domain/log/append.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { purge } from '../../lambdas/domain/log/purge.ts'
import { appendRemoval, redactAll, removableAt } from '../../lambdas/domain/log/removals.ts'
import { Chance } from '../simulation/chance.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryMessages } from '../support/memory/messages.ts'

const authors = ['ana', 'ben', 'eve', 'kim', 'sam']
const each = 40
const by = { user: 'root', name: 'Root' }

/** A log that remembers what ever stood in it, and lets others in between any two of its steps. */
class WatchedLog extends MemoryMessages {
  readonly stood = new Map<number, Entry>()

  override async put(roomId: string, entry: Entry): Promise<'stored' | Entry> {
    const outcome = await super.put(roomId, entry)
    if (outcome !== 'stored') return outcome
    if (this.stood.has(entry.seq)) throw new Error(`Position ${entry.seq} was written twice.`)
    this.stood.set(entry.seq, entry)
    return outcome
  }
}

async function play(seed: number) {
  const chance = new Chance(seed)
  const [log, clock] = [new WatchedLog(), new FakeClock()]
  clock.random = () => chance.draw()
  log.open('r', clock.now())
  const acknowledged: { id: string; seqs: number[]; sent: number; answered: number }[] = []
  let step = 0
  let writing = authors.length
  let removed = 0

  async function speak(user: string): Promise<void> {
    for (let nr = 0; nr < each; nr++) {
      const message = { id: `${user} ${nr}`, seqs: [] as number[], sent: step++, answered: 0 }
      const after = (await log.head('r'))?.seq ?? 0
      const draft = { author: { user, name: user }, body: { text: message.id }, clientMessageId: message.id, after }
      // The second try is a retry, later than much of what the moderators do.
      for (let tries = 0; tries < 2; ) {
        clock.time += Math.floor(chance.draw() * 600)
        const outcome = await append(log, clock, 'r', draft, { admit: async () => undefined }).catch(retryable)
        if (outcome === 'resync') break
        if (outcome === 'again') continue
        message.seqs.push(outcome.entry.seq)
        message.answered ||= step++
        tries++
      }
      acknowledged.push(message)
    }
  }

  async function remove(): Promise<void> {
    while (writing > 0) {
      const head = (await log.head('r'))?.seq ?? 0
      const wish = Array.from({ length: 3 }, () => 1 + Math.floor(chance.draw() * (head + 1)))
      const seqs = await removableAt(log, 'r', wish)
      if (seqs.length === 0) continue
      const removal = await appendRemoval(log, clock, 'r', { by, removes: seqs }).catch(() => undefined)
      if (removal) removed += await redactAll(log, 'r', removal)
    }
  }

  async function forget(): Promise<void> {
    for (; writing > 0; await Promise.resolve()) await purge(log, 'r', clock.now(), clock.now())
  }

  const spoken = (user: string) => speak(user).finally(() => writing--)
  await Promise.all([...authors.map(spoken), remove(), remove(), forget(), forget()])
  return { log, acknowledged, removed }
}

function retryable(error: unknown): 'again' | 'resync' {
  if (error instanceof Refusal && error.code === 'unavailable') return 'again'
  if (error instanceof Refusal && error.code === 'resync_required') return 'resync'
  throw error
}

describe('authors, moderators and purges at once', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keep all that an append promises (seed %i)', async (seed) => {
    const { log, acknowledged, removed } = await play(seed)
    const all = [...log.stood.values()].sort((a, b) => a.seq - b.seq)
    const floor = await log.floor('r')
    expect(floor).toBeGreaterThan(1)
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1))

    const ids = all.flatMap(({ clientMessageId }) => clientMessageId ?? [])
    expect(new Set(ids).size).toBe(ids.length)

    const kept = await log.read('r', floor, 10_000)
    expect(kept.map(({ seq }) => seq)).toEqual(all.slice(floor - 1).map(({ seq }) => seq))
    for (const { id, seqs } of acknowledged) {
      expect(new Set(seqs).size).toBeLessThanOrEqual(1)
      for (const seq of seqs) expect(all[seq - 1]?.clientMessageId).toBe(id)
    }
    for (const { clientMessageId, seq, body, removed: gone } of kept) {
      expect(clientMessageId).toBe(all[seq - 1]?.clientMessageId)
      if (!gone) expect(body).toEqual(all[seq - 1]?.body)
    }

    const answered = acknowledged.filter(({ seqs }) => seqs.length > 0)
    expect(answered.length).toBeGreaterThan(0)
    for (const a of answered) {
      for (const b of answered) if (a.answered < b.sent) expect(a.seqs[0]).toBeLessThan(b.seqs[0] ?? 0)
    }

    const named = all.flatMap(({ removes = [] }) => removes)
    expect(removed).toBeLessThanOrEqual(new Set(named).size)
    expect(removed).toBeGreaterThan(0)
    const redacted = kept.filter((entry) => entry.removed)
    expect(redacted.every(({ seq, body }) => named.includes(seq) && body === undefined)).toBe(true)
  })
})
