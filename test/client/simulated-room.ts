import { RoomLog } from '../../client/room-log.ts'
import { Chance } from '../simulation/chance.ts'
import { VirtualTime } from '../simulation/virtual-time.ts'
import { message } from './scripted-server.ts'

/**
 * How messages reach a room: for each delivery order, a worker for each part posts the messages since the last order.
 */
export interface Going {
  parts: number
  listeners: number
  orders: number
  crowded: boolean
  /** The maximum delay of a worker's start, in milliseconds. */
  late: number
  isLost(order: number, part: number): boolean
}

/** The result of the simulation. Times are milliseconds. */
export interface Gone {
  /** Pushes that arrived before an earlier one. */
  overtakes: number
  /** The times at which the history was read, by part. */
  asked: number[][]
  /** The longest time that each listener had a gap, by part. */
  missing: number[][]
  views: number[][]
}

/** Messages in one order; and the times between orders, of a worker's pass and of a reply, in milliseconds. */
export const each = 5
const [everyMs, passMs, answerMs] = [250, 1000, 50] as const

/** Simulates the listeners of one room, each with the SDK's log, in virtual time. */
export async function lateRoom({ parts, listeners, orders, crowded, late, isLost }: Going): Promise<Gone> {
  const [time, chance] = [new VirtualTime(), new Chance(1)]
  const all = Array.from({ length: orders * each }, (_, at) => message(at + 1))
  const byPart = () => Array.from({ length: parts }, (): number[] => [])
  const gone: Gone = { overtakes: 0, asked: byPart(), missing: byPart(), views: [] }
  const said = () => all.slice(0, each * (1 + Math.floor(time.now / everyMs)))
  const clock = { now: () => time.now, after: (ms: number, run: () => void) => cancellable(time, ms, run) }

  const sit = (part: number) => {
    const view: number[] = []
    const passedAt = new Map<number, number>()
    const at = gone.missing[part]?.push(0) ?? 0
    let top = 0
    const log = new RoomLog({
      clock,
      random: () => chance.draw(),
      gapMs: 300,
      isCrowded: () => crowded,
      fetch: async (after) => {
        gone.asked[part]?.push(time.now)
        await time.sleep(answerMs)
        const [messages, head] = [said().slice(after, after + 200), said().length]
        return { messages, head, floor: 1, epoch: 'first', exceeded: false }
      },
      applied({ seq }) {
        view.push(seq)
        const { [part]: longest = [] } = gone.missing
        longest[at - 1] = Math.max(longest[at - 1] ?? 0, time.now - (passedAt.get(seq) ?? time.now))
      },
      gap: () => {},
      resyncNeeded: () => {},
    })
    log.start(0, 'first')
    gone.views.push(view)
    return (order: number) => {
      for (let seq = top + 1; seq <= order * each; seq++) passedAt.set(seq, time.now)
      top = Math.max(top, (order + 1) * each)
      log.take(all.slice(order * each, (order + 1) * each))
      if (log.last < (order + 1) * each) gone.overtakes++
    }
  }

  for (let part = 0; part < parts; part++) {
    const hear = Array.from({ length: listeners }, () => sit(part))
    for (let order = 0; order < orders; order++) {
      const begins = order * everyMs + chance.between(0, late)
      if (isLost(order, part)) continue
      for (const [at, listener] of hear.entries()) time.after(begins + (at / listeners) * passMs, () => listener(order))
    }
  }
  while (!time.isOver) {
    time.step()
    for (let turn = 0; turn < 8; turn++) await undefined
  }
  return gone
}

function cancellable(time: VirtualTime, ms: number, run: () => void): () => void {
  let isOff = false
  time.after(ms, () => isOff || run())
  return () => {
    isOff = true
  }
}
