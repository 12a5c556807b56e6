import type { RosterPart } from './crowd.ts'

/** Positions of a room's log that are to be handed on, and to which part of its roster. */
export interface Delivery {
  roomId: string
  first: number
  last: number
  part: RosterPart
}

/** A record in the stream of the log: an entry that waits to be handed on. */
export interface StreamedEntry {
  /** Names the record in its stream. */
  sequenceNumber: string
  /** As far as they could be read. */
  roomId?: string
  seq?: number
  /** Whether there is an entry that can be handed on. */
  readable: boolean
}

/** The waiting positions of each room, as stretches without a hole. */
export function contiguousRanges(waiting: Iterable<{ roomId: string; seq: number }>): Map<string, [number, number][]> {
  const rooms = new Map<string, [number, number][]>()
  for (const { roomId, seq } of [...waiting].sort((a, b) => a.seq - b.seq)) {
    const known = rooms.get(roomId) ?? []
    const latest = known.at(-1)
    if (latest && seq <= latest[1] + 1) latest[1] = seq
    else known.push([seq, seq])
    rooms.set(roomId, known)
  }
  return rooms
}

/** The longest that one broadcast holds back the next, in milliseconds. */
const longestHold = 15_000

/**
 * How long the workers need for what they were given, at so many posts a second. What is said meanwhile waits, and
 * then travels together: the posts of a room never pile up beyond what the account may make.
 */
export const pauseMs = (posts: number, postsPerSecond: number): number =>
  Math.min((posts / postsPerSecond) * 1000, longestHold)
