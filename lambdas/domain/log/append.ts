import { checkRate, nextUse, type RateLimits } from '../budget/room-rate.ts'
import type { Clock, Random } from '../clock.ts'
import { Refusal } from '../errors.ts'
import type { Metrics } from '../metrics.ts'
import type { Author, Entry, MessageBody } from './entry.ts'
import type { AppendLog } from './log.ts'
import { hasDigest } from './placeholder.ts'

/** The most entries after `after` that one call reads, so that its cost has a bound. */
const maxScanned = 200
const maxPuts = 8
const giveUpAfterMs = 2500
const waitMs = 8

/**
 * A message without a position. All tries of one message have the same `clientMessageId` and `after`. A client sends
 * both or neither.
 */
export interface Draft {
  author: Author
  body?: MessageBody
  clientMessageId?: string | undefined
  after?: number | undefined
  /** Store the message only while this is the newest position. */
  ifHead?: number | undefined
  /** The message does not count against the rate limits. */
  uncounted?: boolean
}

export type MessageDraft = Draft & { body: MessageBody }

/** The rules of one append. */
export interface AppendRules<Admission> {
  /** Throws a refusal if the author may not write here. It runs at the same time as the first read of the log. */
  admit: () => Promise<Admission>
  /** Changes the numbered entry before it is stored. Without it, the entry is stored unchanged. */
  toEntry?: (numbered: Entry, admission: Admission) => Entry
  limits?: RateLimits | undefined
  /** Counts how many positions were tried. */
  metrics?: Metrics | undefined
}

export interface AppendResult<Admission> {
  entry: Entry
  /** The entry was stored by an earlier try of the same message. */
  duplicate: boolean
  admission: Admission
}

/** The data of one call of `append` that its steps share. */
interface Call {
  log: AppendLog
  clock: Clock & Random
  roomId: string
  draft: Draft
  digest: string | undefined
  limits: RateLimits | undefined
  toEntry: (numbered: Entry) => Entry
}

/**
 * Stores the draft at the next position of the room's log, once for all tries with the same `clientMessageId`. It
 * stores only after it read every position from `after` to the end and found no earlier try of this message.
 */
export async function append<Admission>(
  log: AppendLog,
  clock: Clock & Random,
  roomId: string,
  draft: Draft,
  { admit, toEntry = (entry) => entry, limits, metrics }: AppendRules<Admission>,
): Promise<AppendResult<Admission>> {
  const deadline = clock.now() + giveUpAfterMs
  const [admitted, read] = await Promise.allSettled([admit(), readFrom(log, roomId, draft.after)])
  if (admitted.status === 'rejected') throw admitted.reason
  if (read.status === 'rejected') throw read.reason

  const admission = admitted.value
  const last = await requireEnd(log, roomId, draft.after, read.value)
  const digest = draft.body && log.digest(draft.body)
  const call = { log, clock, roomId, draft, digest, limits, toEntry: (entry: Entry) => toEntry(entry, admission) }
  const earlier = await findEarlier(call, read.value)
  if (earlier) return { entry: earlier, duplicate: true, admission }
  if (draft.ifHead !== undefined && draft.ifHead !== last.seq) throw conflict(last.seq)
  let tries = 0
  const counted: AppendLog['put'] = (id, entry) => {
    tries++
    return log.put(id, entry)
  }
  const stored = putAtEnd(call, counted, last, deadline).finally(() => metrics?.count('AppendTries', tries))
  return { ...(await stored), admission }
}

async function readFrom(log: AppendLog, roomId: string, after: number | undefined): Promise<Entry[]> {
  if (after !== undefined) return readTwice(log, roomId, after, maxScanned + 2)
  const head = await log.head(roomId)
  return head ? [head] : []
}

/** Entries may be stored while a page is read, so a hole is a fault of the log only when a second read shows it as well. */
async function readTwice(log: AppendLog, roomId: string, from: number, limit: number): Promise<Entry[]> {
  const entries = await log.read(roomId, from, limit)
  return isContiguous(entries, from) ? entries : log.read(roomId, from, limit)
}

const isContiguous = (entries: Entry[], from: number): boolean =>
  entries.every((entry, index) => entry.seq === from + index)

/** The newest entry. Throws `resync_required` if the entries do not reach from `after` to the end of the log. */
async function requireEnd(log: AppendLog, roomId: string, after: number | undefined, entries: Entry[]): Promise<Entry> {
  const [first, last] = [entries[0], entries.at(-1)]
  if (!first || !last || first.seq !== (after ?? last.seq)) throw await resyncRequired(log, roomId)
  if (!isContiguous(entries, first.seq)) {
    // Retention keeps position 0 and deletes the ones after it; a purge in progress leaves holes below the floor.
    throw first.seq + 1 < (await log.floor(roomId)) ? await resyncRequired(log, roomId) : holeIn(roomId)
  }
  if (entries.length > maxScanned + 1) throw await resyncRequired(log, roomId)
  return last
}

/**
 * The author's entry with the same `clientMessageId`. Throws `resync_required` if a purge has hidden it, and
 * `id_reused` if it has another body.
 */
async function findEarlier({ log, roomId, draft, digest }: Call, entries: Entry[]): Promise<Entry | undefined> {
  const { author, clientMessageId } = draft
  if (clientMessageId === undefined) return undefined
  const own = entries.find((entry) => entry.clientMessageId === clientMessageId && entry.from?.user === author.user)
  if (!own) return undefined
  // A purge hides entries first and deletes them later. It never hides the newest entry, so most retries need no read
  // of the floor.
  const mayBeHidden = own !== entries.at(-1)
  if (mayBeHidden && own.seq < (await log.floor(roomId))) throw await resyncRequired(log, roomId)
  if (!hasDigest(own, digest)) throw new Refusal('id_reused', 'This clientMessageId already names another message.')
  return own
}

async function putAtEnd(
  call: Call,
  put: AppendLog['put'],
  newest: Entry,
  deadline: number,
): Promise<{ entry: Entry; duplicate: boolean }> {
  const { log, clock, roomId, draft, limits } = call
  let last = newest
  let scanned = 0
  for (let losses = 0; losses < maxPuts && scanned < maxScanned && clock.now() < deadline; losses++) {
    if (losses > 1) {
      await clock.sleep(clock.random() * waitMs * losses)
      const newer = await readTwice(log, roomId, last.seq + 1, maxScanned - scanned)
      if (!isContiguous(newer, last.seq + 1)) throw holeIn(roomId)
      const earlier = await findEarlier(call, newer)
      if (earlier) return { entry: earlier, duplicate: true }
      scanned += newer.length
      last = newer.at(-1) ?? last
    }
    if (limits && !draft.uncounted) checkRate(limits, clock, last, draft.author.user)
    const entry = call.toEntry(entryAfter(last, call))
    const found = await put(roomId, entry)
    if (found === 'stored') {
      if (!draft.uncounted) limits?.authors?.take(draft.author.user)
      return { entry, duplicate: false }
    }
    const earlier = await findEarlier(call, [found])
    if (earlier) return { entry: earlier, duplicate: true }
    last = found
    if (draft.ifHead !== undefined) throw conflict(Math.max(last.seq, (await log.head(roomId))?.seq ?? 0))
  }
  const retryAfterMs = 250 + Math.floor(clock.random() * 250)
  throw new Refusal('unavailable', 'The room is too busy; the same message may be sent again.', { retryAfterMs })
}

function entryAfter(last: Entry, { clock, draft, digest, limits }: Call): Entry {
  const { author: from, clientMessageId, body, uncounted } = draft
  // Clocks of containers differ, so `sentAt` never goes back.
  const sentAt = Math.max(clock.now(), last.sentAt)
  const spent = limits && nextUse(limits.rates, last, sentAt, uncounted ? undefined : from.user)
  return {
    seq: last.seq + 1,
    sentAt,
    from,
    ...(clientMessageId !== undefined && { clientMessageId }),
    ...(digest !== undefined && { digest }),
    ...(body && { body }),
    ...(spent && { spent }),
  }
}

async function resyncRequired(log: AppendLog, roomId: string): Promise<Refusal> {
  const head = await log.head(roomId)
  // Every room with a session has a log.
  if (!head) return new Refusal('not_joined', 'Join the room first.')
  const details = { head: head.seq, floor: await log.floor(roomId) }
  return new Refusal('resync_required', 'Read the history after this position before sending again.', { details })
}

const conflict = (head: number) => new Refusal('conflict', 'The room has moved on.', { details: { head } })

const holeIn = (roomId: string) => new Error(`The log of room ${roomId} has a hole.`)
