import type { Message } from './message.ts'

/** What a reader holds of a log: everything up to `last`, and what came ahead of its turn. */
export interface Sequence {
  readonly last: number
  readonly ahead: ReadonlyMap<number, Message>
}

export interface TakeResult {
  readonly sequence: Sequence
  /** What is to be shown now, in order. */
  readonly applied: readonly Message[]
  /** How many were known already. */
  readonly dropped: number
}

/** Beyond this many, what comes ahead of its turn is left to the history. */
const mostAhead = 500

/** A reader who holds everything up to a position. */
export const sequenceFrom = (last: number): Sequence => ({ last, ahead: new Map() })

/** The rule of the protocol: `seq == last + 1` is applied, `seq <= last` is dropped, anything else has to wait. */
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
      if (ahead.size < mostAhead) ahead.set(message.seq, message)
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

/** The positions that are missing: those after `after` and before `before`. */
export interface Gap {
  readonly after: number
  readonly before: number
}

/** The first gap there is. */
export function gapIn({ last, ahead }: Sequence): Gap | undefined {
  return ahead.size === 0 ? undefined : { after: last, before: Math.min(...ahead.keys()) }
}
