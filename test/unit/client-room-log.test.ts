import { ChatError } from '../../client/errors.ts'
import { RoomLog } from '../../client/room-log.ts'
import type { Gap } from '../../client/sequence.ts'
import { NoReply } from '../../client/socket.ts'
import { ManualClock } from '../client/manual-clock.ts'
import { message } from '../client/scripted-server.ts'

const messages = (...seqs: number[]) => seqs.map((seq) => message(seq))

/** A log with a history of so many messages behind it. */
class Scene {
  readonly clock = new ManualClock()
  readonly applied: number[] = []
  readonly gaps: Gap[] = []
  readonly asked: number[] = []
  lost = 0
  head: number
  epoch = 'first'
  crowded = false
  pageSize = 200
  failures: Error[] = []
  readonly log: RoomLog

  constructor(head: number) {
    this.head = head
    this.log = new RoomLog({
      clock: this.clock,
      random: () => 0,
      gapMs: 300,
      isCrowded: () => this.crowded,
      fetch: async (after) => {
        this.asked.push(after)
        const failure = this.failures.shift()
        if (failure) throw failure
        const seqs = Array.from({ length: this.head }, (_, at) => at + 1).filter((seq) => seq > after)
        const page = messages(...seqs.slice(0, this.pageSize))
        return { messages: page, head: this.head, floor: 1, epoch: this.epoch, exceeded: false }
      },
      applied: ({ seq }) => this.applied.push(seq),
      gap: (gap) => this.gaps.push(gap),
      resyncNeeded: () => this.lost++,
    })
    this.log.start(0, 'first')
  }
}

describe('what a head tells', () => {
  it('is nothing where everything is held', async () => {
    const scene = new Scene(3)
    scene.log.take(messages(1, 2, 3))
    scene.log.noteHead(3)
    await scene.clock.pass(60_000)
    expect(scene.asked).toEqual([])
    expect(scene.log.head).toBe(3)
  })

  it('brings the one last message that was lost, and names it as the gap', async () => {
    const scene = new Scene(3)
    scene.log.take(messages(1, 2))
    scene.log.noteHead(3)
    expect(scene.gaps).toEqual([{ after: 2, before: 4 }])
    expect(scene.log.head).toBe(3)
    await scene.clock.pass(0)
    expect(scene.applied).toEqual([1, 2, 3])
    expect(scene.asked).toEqual([2])
  })

  it('brings everything that was lost at the end', async () => {
    const scene = new Scene(9)
    scene.log.take(messages(1))
    scene.log.noteHead(9)
    expect(scene.gaps).toEqual([{ after: 1, before: 10 }])
    await scene.clock.pass(0)
    expect(scene.applied).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(scene.log.counts).toEqual({ applied: 9, dropped: 0, gaps: 1 })
  })

  it('never goes back', () => {
    const scene = new Scene(5)
    scene.log.start(5, 'first')
    scene.log.noteHead(4)
    expect(scene.log.head).toBe(5)
    expect(scene.gaps).toEqual([])
  })

  it('is asked for once, however often it is told', async () => {
    const scene = new Scene(3)
    scene.log.noteHead(3)
    scene.log.noteHead(3)
    await scene.clock.pass(0)
    expect(scene.asked).toEqual([0])
  })
})

describe('a gap', () => {
  it('gets the shortest wait to close by itself, and no more', async () => {
    const scene = new Scene(3)
    scene.log.take(messages(1, 3))
    expect(scene.clock.due).toEqual([300])
    await scene.clock.pass(299)
    expect(scene.asked).toEqual([])
    await scene.clock.pass(1)
    expect(scene.asked).toEqual([1])
    expect(scene.gaps).toEqual([{ after: 1, before: 3 }])
    expect(scene.applied).toEqual([1, 2, 3])
    expect(scene.clock.due).toEqual([])
  })

  it('gets five times as long in a crowd', async () => {
    const scene = new Scene(3)
    scene.crowded = true
    scene.log.take(messages(1, 3))
    expect(scene.clock.due).toEqual([1500])
  })

  it('that closes by itself is not asked for', async () => {
    const scene = new Scene(3)
    scene.log.take(messages(1, 3))
    scene.log.take(messages(2))
    expect(scene.clock.due).toEqual([])
    await scene.clock.pass(60_000)
    expect(scene.asked).toEqual([])
    expect(scene.log.counts).toEqual({ applied: 3, dropped: 0, gaps: 0 })
  })

  it('that moved on gets another wait, as long as messages flow, and no longer', async () => {
    const scene = new Scene(20)
    scene.log.take(messages(2))
    await scene.clock.pass(200)
    scene.log.take(messages(1, 4))
    expect(scene.clock.due).toEqual([300])
    await scene.clock.pass(200)
    scene.log.take(messages(5))
    expect(scene.clock.due).toEqual([100])
    await scene.clock.pass(100)
    expect(scene.asked).toEqual([2])
  })

  it('is read page after page to the end', async () => {
    const scene = new Scene(7)
    scene.pageSize = 3
    scene.log.noteHead(7)
    await scene.clock.pass(0)
    expect(scene.asked).toEqual([0, 3, 6])
    expect(scene.applied).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('is not asked for after the log was stopped', async () => {
    const scene = new Scene(3)
    scene.log.take(messages(1, 3))
    scene.log.stop()
    expect(scene.clock.due).toEqual([])
    await scene.clock.pass(60_000)
    expect(scene.asked).toEqual([])
  })

  it('counts what came more than once', () => {
    const scene = new Scene(3)
    scene.log.take(messages(1, 1, 2, 2, 1))
    expect(scene.log.counts).toEqual({ applied: 2, dropped: 3, gaps: 0 })
  })
})

describe('a history that fails', () => {
  const busy = (retryAfterMs?: number) =>
    new ChatError({
      code: 'unavailable',
      message: 'x',
      retryable: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })

  it('is asked again after as long as the server says', async () => {
    const scene = new Scene(2)
    scene.failures = [busy(1234)]
    scene.log.noteHead(2)
    await scene.clock.pass(0)
    expect(scene.clock.due).toEqual([1234])
    await scene.clock.pass(1234)
    expect(scene.applied).toEqual([1, 2])
    expect(scene.lost).toBe(0)
  })

  it('is asked again after a wait where the server says nothing, or nothing came', async () => {
    const scene = new Scene(2)
    scene.failures = [busy(), new NoReply('timeout')]
    scene.log.noteHead(2)
    await scene.clock.pass(0)
    expect(scene.clock.due).toEqual([300])
    await scene.clock.pass(300)
    expect(scene.clock.due).toEqual([300])
    await scene.clock.pass(300)
    expect(scene.asked).toEqual([0, 0, 0])
    expect(scene.applied).toEqual([1, 2])
  })

  it('waits for the next connection where the line is gone', async () => {
    const scene = new Scene(2)
    scene.failures = [new NoReply('closed')]
    scene.log.noteHead(2)
    await scene.clock.pass(60_000)
    expect(scene.asked).toEqual([0])
    expect(scene.lost).toBe(0)
    scene.log.noteHead(2)
    await scene.clock.pass(0)
    expect(scene.applied).toEqual([1, 2])
  })

  it('is given up where the server refuses, or where anything else goes wrong', async () => {
    const refusal = new ChatError({ code: 'forbidden', message: 'x', retryable: false })
    for (const failure of [refusal, new TypeError('x')]) {
      const scene = new Scene(2)
      scene.failures = [failure]
      scene.log.noteHead(2)
      await scene.clock.pass(60_000)
      expect(scene.lost).toBe(1)
      expect(scene.asked).toEqual([0])
    }
  })

  it('of another epoch is another log', async () => {
    const scene = new Scene(2)
    scene.epoch = 'second'
    scene.log.noteHead(2)
    await scene.clock.pass(0)
    expect(scene.lost).toBe(1)
    expect(scene.applied).toEqual([])
  })

  it('that lags behind its own head is asked again after a wait', async () => {
    const scene = new Scene(3)
    scene.pageSize = 0
    scene.log.noteHead(3)
    await scene.clock.pass(0)
    expect(scene.clock.due).toEqual([300])
    scene.pageSize = 200
    await scene.clock.pass(300)
    expect(scene.applied).toEqual([1, 2, 3])
  })

  it('that began before the log began anew is not held against it', async () => {
    const scene = new Scene(2)
    scene.epoch = 'second'
    scene.log.noteHead(2)
    scene.log.start(2, 'second')
    await scene.clock.pass(0)
    expect(scene.lost).toBe(0)
    expect(scene.log.last).toBe(2)
  })
})
