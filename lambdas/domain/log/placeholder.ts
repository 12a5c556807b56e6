import { Refusal } from '../errors.ts'
import type { Author, Entry, MessageBody } from './entry.ts'
import type { Log } from './log.ts'
import type { LogPage } from './pages.ts'

/*
 * Some categories keep no history. A message in their rooms is pushed to the sessions, and the log stores a placeholder
 * at its position.
 */

/** The `removed.by` of a placeholder. No user has this id: a user removes a message by a removal entry. */
export const unlogged = 'unlogged'

/** A whole digest of a short text reveals the text. Very many texts have the same 18 bits of it. */
const digestCharacters = 3

/**
 * The entry that is stored for a message without history. It keeps the numbering, and retries find it. It has the part
 * of the digest that shows whether a retry has the same text, and no display name.
 */
export const placeholder = ({ seq, sentAt, from, clientMessageId, digest, spent }: Entry): Entry => ({
  seq,
  sentAt,
  ...(from && { from: { user: from.user, name: from.user } }),
  ...(clientMessageId !== undefined && {
    clientMessageId,
    ...(digest && { digest: digest.slice(0, digestCharacters) }),
  }),
  removed: { by: unlogged, at: sentAt },
  ...(spent && { spent }),
})

/** Whether the entry is of a message with this digest. A placeholder of an earlier version has none, and fits every one. */
export function hasDigest(entry: Entry, digest: string | undefined): boolean {
  if (entry.removed?.by !== unlogged) return entry.digest === digest
  return entry.digest === undefined || digest?.startsWith(entry.digest) === true
}

/**
 * Rebuilds the message of a placeholder from the body that the sender has just sent. Other entries are returned
 * unchanged.
 */
export function withBody(entry: Entry, from: Author, body: MessageBody): Entry {
  if (entry.removed?.by !== unlogged) return entry
  const { removed: _removed, digest: _digest, ...rest } = entry
  return { ...rest, from, body }
}

/** The page of a room without history: its head and no entries. Throws `resync_required` if `after` is not the head. */
export async function emptyPage(log: Pick<Log, 'head'>, roomId: string, after?: number): Promise<LogPage> {
  const head = (await log.head(roomId))?.seq ?? 0
  const floor = head + 1
  if (after === undefined || after === head) return { entries: [], head, floor, complete: true }
  throw new Refusal('resync_required', 'This room keeps no history.', { details: { head, floor } })
}
