import { limits } from '../../protocol/limits.ts'
import type { Counts } from './counts.ts'
import { runs } from './durations.ts'
import { holdSeconds, largeRooms, partsOf } from './large-rooms.ts'
import { invocation, milliseconds, nothing, sum, times, type Usage } from './usage.ts'
import { type Call, pageUnits, posted, rosterUnits } from './verbs.ts'

/**
 * Hands messages that waited together to a large room: one broadcast, and for each part of the roster a worker that
 * reads it and the log.
 */
export function handOn(counts: Counts, { members, textBytes }: Call, postsPerSecond: number, together = 1): Usage {
  const parts = partsOf(members)
  const each = members / parts
  const bytes = together * (counts.messageBytes + textBytes)
  const frames = Math.ceil(bytes / limits.frameBytes)
  const reads = pageUnits(counts, together, textBytes) + rosterUnits(counts, each)
  const worker = sum(invocation(runs.deliver, milliseconds(runs.deliver, each * frames)), {
    ...nothing,
    readUnits: reads,
  })
  const ms = milliseconds(runs.broadcast) + holdSeconds(members, postsPerSecond) * 1000
  return sum(
    { ...invocation(runs.broadcast, ms), readUnits: largeRooms.lookUnits },
    times(parts, worker),
    posted((members - 1) * frames, bytes / frames),
  )
}

/** How many messages wait for one another when so many a second are said: at least each for itself. */
export const togetherAt = (perSecond: number, members: number, postsPerSecond: number): number =>
  Math.max(1, perSecond * holdSeconds(members, postsPerSecond))

/** A large room in which something happens is counted each time, or as often as a count grows old. */
export function counting(counts: Counts, members: number, happenings: number, seconds: number): Usage {
  const often = Math.min(happenings, seconds / largeRooms.countedEverySeconds)
  const { noteUnits } = largeRooms
  return times(often, { ...nothing, readUnits: rosterUnits(counts, members), writeUnits: noteUnits })
}
