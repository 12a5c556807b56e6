import { limits } from '../../protocol/limits.ts'
import type { Counts } from './counts.ts'
import { runs } from './durations.ts'
import { holdSeconds, largeRooms, partsOf } from './large-rooms.ts'
import { invocation, milliseconds, nothing, sum, times, type Usage } from './usage.ts'
import { type Call, pageUnits, posted, rosterUnits } from './verbs.ts'

/**
 * Delivers a batch of messages to a large room: one broadcast, and for each part of the roster a worker that reads that
 * part and the log.
 */
export function delivery(counts: Counts, { members, textBytes }: Call, postsPerSecond: number, messages = 1): Usage {
  const parts = partsOf(members)
  const membersOfPart = members / parts
  const bytes = messages * (counts.messageBytes + textBytes)
  const frames = Math.ceil(bytes / limits.frameBytes)
  const reads = pageUnits(counts, messages, textBytes) + rosterUnits(counts, membersOfPart)
  const worker = sum(invocation(runs.deliver, milliseconds(runs.deliver, membersOfPart * frames)), {
    ...nothing,
    readUnits: reads,
  })
  const ms = milliseconds(runs.broadcast) + holdSeconds(members, postsPerSecond) * 1000
  return sum(
    { ...invocation(runs.broadcast, ms), readUnits: largeRooms.crowdReadUnits },
    times(parts, worker),
    posted((members - 1) * frames, bytes / frames),
  )
}

/** The messages that one broadcast delivers at this rate, at least 1. */
export const batchSize = (perSecond: number, members: number, postsPerSecond: number): number =>
  Math.max(1, perSecond * holdSeconds(members, postsPerSecond))

/** Recounts of a large room: one for each event, but only when the previous count is too old. */
export function recounts(counts: Counts, members: number, events: number, seconds: number): Usage {
  const count = Math.min(events, seconds / largeRooms.countedEverySeconds)
  const { crowdWriteUnits } = largeRooms
  return times(count, { ...nothing, readUnits: rosterUnits(counts, members), writeUnits: crowdWriteUnits })
}
