import type { Clock } from '../clock.ts'
import { forEachConcurrent } from '../concurrency.ts'
import type { Log } from '../log/log.ts'

/** What happened in a room beside what was said, which the log holds. */
export type RecordKind = 'joined' | 'left' | 'searched' | 'granted' | 'revoked' | 'removed' | 'purged'

export interface RecordEvent {
  /** Milliseconds since 1970. */
  at: number
  event: RecordKind
  /** Whoever did it: a user's id. */
  by: string
  details?: Record<string, unknown>
}

/** One line of the record as it is kept: `place` orders lines of the same moment. */
export interface RecordLine extends RecordEvent {
  place: string
}

/** The compliance record of every room. It is only ever added to. */
export interface RecordStore {
  add(roomId: string, recorded: RecordEvent): Promise<void>
  /** Lines of a time span, both ends included, behind a place, ascending, at most so many. */
  read(roomId: string, span: { from: number; to: number }, behind: string, most: number): Promise<RecordLine[]>
}

export const leftEvent = (user: string, at: number, how: string): RecordEvent => ({
  at,
  event: 'left',
  by: user,
  details: { how },
})

/** The record has what was said before the log loses it. */
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
