import type { Clock } from '../clock.ts'
import { forEachConcurrent } from '../concurrency.ts'
import type { Log } from '../log/log.ts'

/** The events that are not messages; the log holds the messages. */
export type RecordKind =
  | 'joined'
  | 'left'
  | 'searched'
  | 'granted'
  | 'revoked'
  | 'removed'
  | 'purged'
  | 'suspended'
  | 'unsuspended'
  | 'disconnected'
  | 'deleted'
  | 'retention'
  | 'held'
  | 'released'
  | 'erased'
  | 'created'
  | 'renamed'
  | 'opened'
  | 'closed'
  | 'moved'
  | 'disabled'
  | 'enabled'
  | 'changed'
  | 'categoryCreated'
  | 'categoryChanged'
  | 'categoryDeleted'
  | 'read'
  | 'connected'

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
  /**
   * Adds an act of an administrator to the record of the deployment, and to that of the user whom it concerns. `read`
   * finds it under `administration` and under `recordAbout`.
   */
  addAdministrative(recorded: RecordEvent, about?: string): Promise<void>
  /** At most `most` lines of a time span, both ends included, in ascending order, after the place `behind`. */
  read(roomId: string, span: { from: number; to: number }, behind: string, most: number): Promise<RecordLine[]>
}

/** What is read in place of a room id for the acts of administrators. No room has such an id. */
export const administration = '#administration'

/** What is read in place of a room id for the acts of administrators that concern a user. */
export const recordAbout = (user: string): string => `#user#${user}`

/** What is read in place of a room id for the rooms that were deleted. */
export const deletedRooms = '#deleted'

/** What is read in place of a room id for the erasures of users. */
export const erasures = '#erasures'

/** Whether a line is by a user, or names the user as the author, the one concerned, or the holder of a role. */
export function isOf(user: string, { by, details = {} }: RecordEvent): boolean {
  const { author, user: concerned, principals } = details
  const holds = Array.isArray(principals) && principals.includes(`user:${user}`)
  return by === user || author === user || concerned === user || holds
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
