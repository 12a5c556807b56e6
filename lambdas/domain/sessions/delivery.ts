import type { RosterPart } from './crowd.ts'

/** An order to deliver positions of a room's log to one part of its roster. */
export interface Delivery {
  roomId: string
  first: number
  last: number
  part: RosterPart
}

/** A record in the stream of the log: an entry to deliver. */
export interface StreamedEntry {
  /** The id of the record in its stream. */
  sequenceNumber: string
  /** Undefined if the record has no valid value. */
  roomId?: string
  seq?: number
  /** Whether the record contains a valid entry. */
  readable: boolean
}

/** The positions to deliver for each room, as ranges without a hole. */
export function contiguousRanges(entries: Iterable<{ roomId: string; seq: number }>): Map<string, [number, number][]> {
  const rooms = new Map<string, [number, number][]>()
  for (const { roomId, seq } of [...entries].sort((a, b) => a.seq - b.seq)) {
    const known = rooms.get(roomId) ?? []
    const latest = known.at(-1)
    if (latest && seq <= latest[1] + 1) latest[1] = seq
    else known.push([seq, seq])
    rooms.set(roomId, known)
  }
  return rooms
}

/** The longest pause before the next broadcast, in milliseconds. */
const maxPauseMs = 15_000

/**
 * Milliseconds that the workers need for their posts. New messages wait for this time and are then delivered together,
 * so that the posts of a room do not exceed the rate of the account.
 */
export const pauseMs = (posts: number, postsPerSecond: number): number =>
  Math.min((posts / postsPerSecond) * 1000, maxPauseMs)
