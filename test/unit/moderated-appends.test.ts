import { Refusal } from '../../lambdas/domain/errors.ts'
import { append } from '../../lambdas/domain/log/append.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { purge } from '../../lambdas/domain/log/purge.ts'
import { appendRemoval, redactAll, removableAt } from '../../lambdas/domain/log/removals.ts'
import { Chance } from '../simulation/chance.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const authors = ['ana', 'ben', 'eve', 'kim', 'sam']
const each = 40
const by = { user: 'root', name: 'Root' }

/** A log that remembers every entry that was ever stored. */
class RecordingLog extends MemoryLog {
  readonly everStored = new Map<number, Entry>()

  override async put(roomId: string, entry: Entry): Promise<'stored' | Entry> {
    const outcome = await super.put(roomId, entry)
    if (outcome !== 'stored') return outcome
    if (this.everStored.has(entry.seq)) throw new Error(`Position ${entry.seq} was written twice.`)
    this.everStored.set(entry.seq, entry)
    return outcome
  }
}

async function run(seed: number) {
  const chance = new Chance(seed)
  const [log, clock] = [new RecordingLog(), new FakeClock()]
  clock.random = () => chance.draw()
  log.open('r', clock.now())
  const acknowledged: { id: string; seqs: number[]; sentAt: number; repliedAt: number }[] = []
  let step = 0
  let writing = authors.length
  let removed = 0

  async function sendAll(user: string): Promise<void> {
    for (let nr = 0; nr < each; nr++) {
      const message = { id: `${user} ${nr}`, seqs: [] as number[], sentAt: step++, repliedAt: 0 }
      const after = (await log.head('r'))?.seq ?? 0
      const draft = { author: { user, name: user }, body: { text: message.id }, clientMessageId: message.id, after }
      // The second try is a retry, after many actions of the moderators.
      for (let tries = 0; tries < 2; ) {
        clock.time += Math.floor(chance.draw() * 600)
        const outcome = await append(log, clock, 'r', draft, { admit: async () => undefined }).catch(retryable)
        if (outcome === 'resync') break
        if (outcome === 'retry') continue
        message.seqs.push(outcome.entry.seq)
        message.repliedAt ||= step++
        tries++
      }
      acknowledged.push(message)
    }
  }

  async function remove(): Promise<void> {
    while (writing > 0) {
      const head = (await log.head('r'))?.seq ?? 0
      const requested = Array.from({ length: 3 }, () => 1 + Math.floor(chance.draw() * (head + 1)))
      const seqs = await removableAt(log, 'r', requested)
      if (seqs.length === 0) continue
      const removal = await appendRemoval(log, clock, 'r', { by, removes: seqs }).catch(() => undefined)
      if (removal) removed += await redactAll(log, 'r', removal)
    }
  }

  async function purgeOften(): Promise<void> {
    for (; writing > 0; await Promise.resolve()) await purge(log, 'r', clock.now(), clock.now())
  }

  const send = (user: string) => sendAll(user).finally(() => writing--)
  await Promise.all([...authors.map(send), remove(), remove(), purgeOften(), purgeOften()])
  return { log, acknowledged, removed }
}

function retryable(error: unknown): 'retry' | 'resync' {
  if (error instanceof Refusal && error.code === 'unavailable') return 'retry'
  if (error instanceof Refusal && error.code === 'resync_required') return 'resync'
  throw error
}

describe('concurrent sends, removals and purges', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keep all guarantees of an append (seed %i)', async (seed) => {
    const { log, acknowledged, removed } = await run(seed)
    const all = [...log.everStored.values()].sort((a, b) => a.seq - b.seq)
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
    for (const { clientMessageId, seq, body, removed: isRemoved } of kept) {
      expect(clientMessageId).toBe(all[seq - 1]?.clientMessageId)
      if (!isRemoved) expect(body).toEqual(all[seq - 1]?.body)
    }

    const withReply = acknowledged.filter(({ seqs }) => seqs.length > 0)
    expect(withReply.length).toBeGreaterThan(0)
    for (const a of withReply) {
      for (const b of withReply) if (a.repliedAt < b.sentAt) expect(a.seqs[0]).toBeLessThan(b.seqs[0] ?? 0)
    }

    const targets = all.flatMap(({ removes = [] }) => removes)
    expect(removed).toBeLessThanOrEqual(new Set(targets).size)
    expect(removed).toBeGreaterThan(0)
    const redacted = kept.filter((entry) => entry.removed)
    expect(redacted.every(({ seq, body }) => targets.includes(seq) && body === undefined)).toBe(true)
  })
})
