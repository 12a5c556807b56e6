import { ChatError } from '../../client/errors.ts'
import { RoomLog } from '../../client/room-log.ts'
import type { Gap } from '../../client/sequence.ts'
import { NoReply } from '../../client/socket.ts'
import { ManualClock } from '../client/manual-clock.ts'
import { message } from '../client/scripted-server.ts'

const messages = (...seqs: number[]) => seqs.map((seq) => message(seq))

/** A room log with a history of `head` messages on the server. */
class Setup {
  readonly clock = new ManualClock()
  readonly applied: number[] = []
  readonly gaps: Gap[] = []
  readonly reads: number[] = []
  resyncs = 0
  head: number
  epoch = 'first'
  crowded = false
  random = 0
  pageSize = 200
  failures: Error[] = []
  readonly log: RoomLog

  constructor(head: number) {
    this.head = head
    this.log = new RoomLog({
      clock: this.clock,
      random: () => this.random,
      gapMs: 300,
      isCrowded: () => this.crowded,
      fetch: async (after) => {
        this.reads.push(after)
        const failure = this.failures.shift()
        if (failure) throw failure
        const seqs = Array.from({ length: this.head }, (_, at) => at + 1).filter((seq) => seq > after)
        const page = messages(...seqs.slice(0, this.pageSize))
        return { messages: page, head: this.head, floor: 1, epoch: this.epoch, exceeded: false }
      },
      applied: ({ seq }) => this.applied.push(seq),
      gap: (gap) => this.gaps.push(gap),
      resyncNeeded: () => this.resyncs++,
    })
    this.log.start(0, 'first')
  }
}

describe('a new head', () => {
  it('causes no read if all messages are present', async () => {
    const setup = new Setup(3)
    setup.log.take(messages(1, 2, 3))
    setup.log.noteHead(3)
    await setup.clock.pass(60_000)
    expect(setup.reads).toEqual([])
    expect(setup.log.head).toBe(3)
  })

  it('causes a read of a missing last message and reports the gap', async () => {
    const setup = new Setup(3)
    setup.log.take(messages(1, 2))
    setup.log.noteHead(3)
    expect(setup.gaps).toEqual([{ after: 2, before: 4 }])
    expect(setup.log.head).toBe(3)
    await setup.clock.pass(0)
    expect(setup.applied).toEqual([1, 2, 3])
    expect(setup.reads).toEqual([2])
  })

  it('causes a read of all missing messages at the end', async () => {
    const setup = new Setup(9)
    setup.log.take(messages(1))
    setup.log.noteHead(9)
    expect(setup.gaps).toEqual([{ after: 1, before: 10 }])
    await setup.clock.pass(0)
    expect(setup.applied).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(setup.log.counts).toEqual({ applied: 9, dropped: 0, gaps: 1 })
  })

  it('that is lower is ignored', () => {
    const setup = new Setup(5)
    setup.log.start(5, 'first')
    setup.log.noteHead(4)
    expect(setup.log.head).toBe(5)
    expect(setup.gaps).toEqual([])
  })

  it('causes one read even if it is reported twice', async () => {
    const setup = new Setup(3)
    setup.log.noteHead(3)
    setup.log.noteHead(3)
    await setup.clock.pass(0)
    expect(setup.reads).toEqual([0])
  })
})

describe('a gap', () => {
  it('is read after the shortest wait', async () => {
    const setup = new Setup(3)
    setup.log.take(messages(1, 3))
    expect(setup.clock.due).toEqual([300])
    await setup.clock.pass(299)
    expect(setup.reads).toEqual([])
    await setup.clock.pass(1)
    expect(setup.reads).toEqual([1])
    expect(setup.gaps).toEqual([{ after: 1, before: 3 }])
    expect(setup.applied).toEqual([1, 2, 3])
    expect(setup.clock.due).toEqual([])
  })

  it('is read after a wait of five times this length in a crowded room', async () => {
    const setup = new Setup(3)
    setup.crowded = true
    setup.log.take(messages(1, 3))
    expect(setup.clock.due).toEqual([1500])
  })

  it('that closes by itself causes no read', async () => {
    const setup = new Setup(3)
    setup.log.take(messages(1, 3))
    setup.log.take(messages(2))
    expect(setup.clock.due).toEqual([])
    await setup.clock.pass(60_000)
    expect(setup.reads).toEqual([])
    expect(setup.log.counts).toEqual({ applied: 3, dropped: 0, gaps: 0 })
  })

  it('that changes gets another wait, but only up to a limit', async () => {
    const setup = new Setup(20)
    setup.log.take(messages(2))
    await setup.clock.pass(200)
    setup.log.take(messages(1, 4))
    expect(setup.clock.due).toEqual([300])
    await setup.clock.pass(200)
    setup.log.take(messages(5))
    expect(setup.clock.due).toEqual([100])
    await setup.clock.pass(100)
    expect(setup.reads).toEqual([2])
  })

  it('is read in pages to its end', async () => {
    const setup = new Setup(7)
    setup.pageSize = 3
    setup.log.noteHead(7)
    await setup.clock.pass(0)
    expect(setup.reads).toEqual([0, 3, 6])
    expect(setup.applied).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('is not read after the log was stopped', async () => {
    const setup = new Setup(3)
    setup.log.take(messages(1, 3))
    setup.log.stop()
    expect(setup.clock.due).toEqual([])
    await setup.clock.pass(60_000)
    expect(setup.reads).toEqual([])
  })

  it('does not count duplicates as applied', () => {
    const setup = new Setup(3)
    setup.log.take(messages(1, 1, 2, 2, 1))
    expect(setup.log.counts).toEqual({ applied: 2, dropped: 3, gaps: 0 })
  })
})

describe('an ended log', () => {
  it('reads no page after the one under way', async () => {
    const setup = new Setup(7)
    setup.pageSize = 3
    setup.log.noteHead(7)
    setup.log.end()
    await setup.clock.pass(60_000)
    expect(setup.reads).toEqual([0])
    expect(setup.applied).toEqual([])
    expect(setup.clock.due).toEqual([])
  })

  it('is not read for a new head', async () => {
    const setup = new Setup(3)
    setup.log.end()
    setup.log.noteHead(3)
    await setup.clock.pass(60_000)
    expect(setup.reads).toEqual([])
  })
})

describe('a page of the history', () => {
  it('raises the head, up to which the log is read', async () => {
    const setup = new Setup(3)
    setup.log.noteHead(2)
    await setup.clock.pass(0)
    expect(setup.log.head).toBe(3)
    expect(setup.applied).toEqual([1, 2, 3])
  })

  it('that brings nothing is followed by ever longer waits', async () => {
    const setup = new Setup(3)
    setup.pageSize = 0
    setup.random = 0.9
    setup.log.noteHead(3)
    await setup.clock.pass(0)
    const waits: number[] = []
    for (let tries = 0; tries < 6; tries++) {
      const [due = 0] = setup.clock.due
      waits.push(due)
      await setup.clock.pass(due)
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(waits.at(-1)).toBeGreaterThan(waits[0] ?? 0)
  })
})

describe('a failed read of the history', () => {
  const busy = (retryAfterMs?: number) =>
    new ChatError({
      code: 'unavailable',
      message: 'x',
      retryable: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })

  it('is repeated after the time that the server gives', async () => {
    const setup = new Setup(2)
    setup.failures = [busy(1234)]
    setup.log.noteHead(2)
    await setup.clock.pass(0)
    expect(setup.clock.due).toEqual([1234])
    await setup.clock.pass(1234)
    expect(setup.applied).toEqual([1, 2])
    expect(setup.resyncs).toBe(0)
  })

  it('is repeated after a wait if the server gives no time or does not reply', async () => {
    const setup = new Setup(2)
    setup.failures = [busy(), new NoReply('timeout')]
    setup.log.noteHead(2)
    await setup.clock.pass(0)
    expect(setup.clock.due).toEqual([300])
    await setup.clock.pass(300)
    expect(setup.clock.due).toEqual([300])
    await setup.clock.pass(300)
    expect(setup.reads).toEqual([0, 0, 0])
    expect(setup.applied).toEqual([1, 2])
  })

  it('is repeated on the next connection if the connection is closed', async () => {
    const setup = new Setup(2)
    setup.failures = [new NoReply('closed')]
    setup.log.noteHead(2)
    await setup.clock.pass(60_000)
    expect(setup.reads).toEqual([0])
    expect(setup.resyncs).toBe(0)
    setup.log.noteHead(2)
    await setup.clock.pass(0)
    expect(setup.applied).toEqual([1, 2])
  })

  it('requires a resync after a refusal or any other error', async () => {
    const refusal = new ChatError({ code: 'forbidden', message: 'x', retryable: false })
    for (const failure of [refusal, new TypeError('x')]) {
      const setup = new Setup(2)
      setup.failures = [failure]
      setup.log.noteHead(2)
      await setup.clock.pass(60_000)
      expect(setup.resyncs).toBe(1)
      expect(setup.reads).toEqual([0])
    }
  })

  it('requires a resync if the epoch has changed', async () => {
    const setup = new Setup(2)
    setup.epoch = 'second'
    setup.log.noteHead(2)
    await setup.clock.pass(0)
    expect(setup.resyncs).toBe(1)
    expect(setup.applied).toEqual([])
  })

  it('is repeated after a wait if the messages lag behind the head', async () => {
    const setup = new Setup(3)
    setup.pageSize = 0
    setup.log.noteHead(3)
    await setup.clock.pass(0)
    expect(setup.clock.due).toEqual([300])
    setup.pageSize = 200
    await setup.clock.pass(300)
    expect(setup.applied).toEqual([1, 2, 3])
  })

  it('is ignored if the log has started again in the meantime', async () => {
    const setup = new Setup(2)
    setup.epoch = 'second'
    setup.log.noteHead(2)
    setup.log.start(2, 'second')
    await setup.clock.pass(0)
    expect(setup.resyncs).toBe(0)
    expect(setup.log.last).toBe(2)
  })
})
