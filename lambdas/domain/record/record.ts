import type { Clock } from '../clock.ts'
import { forEachConcurrent } from '../concurrency.ts'
import type { Log } from '../log/log.ts'

/** The events of a room that are not messages; the log holds the messages. */
export type RecordKind = 'joined' | 'left' | 'searched' | 'granted' | 'revoked' | 'removed' | 'purged'

export interface RecordEvent {
  /** Milliseconds since 1970. */
  at: number
  event: RecordKind
  /** The id of the user who caused the event. */
  by: string
  details?: Record<string, unknown>
}

/** One stored line of the record. `place` orders the lines of one moment. */
export interface RecordLine extends RecordEvent {
  place: string
}

/** The compliance record of every room. Lines are added and never changed. */
export interface RecordStore {
  add(roomId: string, recorded: RecordEvent): Promise<void>
  /** At most `most` lines of a time span, both ends included, in ascending order, after the place `behind`. */
  read(roomId: string, span: { from: number; to: number }, behind: string, most: number): Promise<RecordLine[]>
}

export const leftEvent = (user: string, at: number, how: string): RecordEvent => ({
  at,
  event: 'left',
  by: user,
  details: { how },
})

/** Copies the messages to the record before the log removes their bodies. */
export async function keepOriginals(
  { messages, records, clock }: { messages: Log; records: RecordStore; clock: Pick<Clock, 'now'> },
  roomId: string,
  seqs: readonly number[],
  by: string,
): Promise<void> {
  const at = clock.now()
  await forEachConcurrent(await messages.find(roomId, seqs), async ({ seq, sentAt, from, body }) => {
    const details = { seq, sentAt, ...(from && { author: from.user }), ...body }
    await records.add(roomId, { at, event: 'removed', by, details })
  })
}
