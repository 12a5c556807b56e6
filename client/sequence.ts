import type { Message } from './message.ts'

/** The state of a reader of a log: everything up to `last` was applied, and `ahead` has messages after a gap. */
export interface Sequence {
  readonly last: number
  readonly ahead: ReadonlyMap<number, Message>
}

export interface TakeResult {
  readonly sequence: Sequence
  /** The messages that are next, in order. */
  readonly applied: readonly Message[]
  /** How many messages were known already. */
  readonly dropped: number
}

/** How many messages after a gap are kept; the history has the others. */
const maxAhead = 500

/** A reader that has applied everything up to a position. */
export const sequenceFrom = (last: number): Sequence => ({ last, ahead: new Map() })

/** The rule of the protocol: `seq == last + 1` is applied, `seq <= last` is dropped, and a higher `seq` waits. */
export function take(sequence: Sequence, messages: readonly Message[]): TakeResult {
  let { last } = sequence
  let dropped = 0
  const applied: Message[] = []
  const ahead = new Map(sequence.ahead)
  for (const message of messages) {
    if (message.seq <= last || ahead.has(message.seq)) {
      dropped++
      continue
    }
    if (message.seq > last + 1) {
      if (ahead.size < maxAhead) ahead.set(message.seq, message)
      continue
    }
    for (let next: Message | undefined = message; next; next = ahead.get(last + 1)) {
      applied.push(next)
      last = next.seq
      ahead.delete(last)
    }
  }
  return { sequence: { last, ahead }, applied, dropped }
}

/** Missing positions: those after `after` and before `before`. */
export interface Gap {
  readonly after: number
  readonly before: number
}

/** The first gap, if there is one. */
export function gapIn({ last, ahead }: Sequence): Gap | undefined {
  return ahead.size === 0 ? undefined : { after: last, before: Math.min(...ahead.keys()) }
}
