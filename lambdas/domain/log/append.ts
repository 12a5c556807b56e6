import type { Rates } from '../budget/rate.ts'
import { checkRate, nextUse, type RateLimits } from '../budget/room-rate.ts'
import type { Clock, Random } from '../clock.ts'
import { Refusal } from '../errors.ts'
import type { Author, Entry, MessageBody } from './entry.ts'
import type { Log } from './log.ts'

/** How many entries behind `after` one attempt looks through, so that its work stays bounded. */
const REACH = 200
const TRIES = 8
const PATIENCE_MS = 2500
const WAIT_MS = 8

/** A message that wants a position. `clientMessageId` and `after` stay the same on every attempt, and come both or neither. */
export interface Draft {
  author: Author
  body: MessageBody
  clientMessageId?: string | undefined
  after?: number | undefined
  /** Store only while this is the newest position. */
  ifHead?: number | undefined
  /** It uses nothing up and is never refused for haste. */
  uncounted?: boolean
}

export type AppendResult = { entry: Entry; duplicate: boolean }

/**
 * Gives the draft the next position of the room's log, once however often it is asked for. An attempt puts a message at a
 * position only after it has seen every position from `after` to there occupied, and none of them by this message.
 */
export async function append(
  log: Log,
  clock: Clock & Random,
  roomId: string,
  draft: Draft,
  admitted: () => Promise<void>,
  allowance?: RateLimits,
): Promise<AppendResult> {
  const deadline = clock.now() + PATIENCE_MS
  const [admission, view] = await Promise.allSettled([admitted(), look(log, roomId, draft.after)])
  if (admission.status === 'rejected') throw admission.reason
  if (view.status === 'rejected') throw view.reason

  const last = await endOf(log, roomId, draft.after, view.value)
  const digest = log.digest(draft.body)
  const earlier = await findEarlier(log, roomId, view.value, draft, digest)
  if (earlier) return earlier
  if (draft.ifHead !== undefined && draft.ifHead !== last.seq) throw conflict(last.seq)
  return putAtEnd(log, clock, roomId, draft, { last, digest, deadline, allowance })
}

async function look(log: Log, roomId: string, after: number | undefined): Promise<Entry[]> {
  if (after !== undefined) return stretch(log, roomId, after, REACH + 2)
  const head = await log.head(roomId)
  return head ? [head] : []
}

/** A second look tells a torn read from a torn log. */
async function stretch(log: Log, roomId: string, from: number, limit: number): Promise<Entry[]> {
  const entries = await log.read(roomId, from, limit)
  return isGapless(entries, from) ? entries : log.read(roomId, from, limit)
}

function isGapless(entries: Entry[], from: number): boolean {
  return entries.every((entry, index) => entry.seq === from + index)
}

/** The end of what was seen, provided that it reaches from `after` to the head without a hole. */
async function endOf(log: Log, roomId: string, after: number | undefined, page: Entry[]): Promise<Entry> {
  const [first, last] = [page[0], page.at(-1)]
  if (!first || !last || first.seq !== (after ?? last.seq)) throw await resyncRequired(log, roomId)
  if (!isGapless(page, first.seq)) {
    // Position 0 outlives what retention took from behind it, and a purge in progress leaves holes below the floor.
    throw first.seq + 1 < (await log.floor(roomId)) ? await resyncRequired(log, roomId) : torn(roomId)
  }
  if (page.length > REACH + 1) throw await resyncRequired(log, roomId)
  return last
}

/** What the author has said under this id already, provided that it may still be read. */
async function findEarlier(
  log: Log,
  roomId: string,
  entries: Entry[],
  draft: Draft,
  digest: string,
): Promise<AppendResult | undefined> {
  if (draft.clientMessageId === undefined) return undefined
  const { clientMessageId, author } = draft
  const own = entries.find((entry) => entry.clientMessageId === clientMessageId && entry.from?.user === author.user)
  if (!own) return undefined
  // A purge hides at once what it deletes later. It spares the newest entry, so the usual retry costs no read.
  const mayBeHidden = own !== entries.at(-1)
  if (mayBeHidden && own.seq < (await log.floor(roomId))) throw await resyncRequired(log, roomId)
  if (own.digest !== digest) throw new Refusal('id_reused', 'This clientMessageId already names another message.')
  return { entry: own, duplicate: true }
}

type AppendState = { last: Entry; digest: string; deadline: number; allowance: RateLimits | undefined }

async function putAtEnd(
  log: Log,
  clock: Clock & Random,
  roomId: string,
  draft: Draft,
  standing: AppendState,
): Promise<AppendResult> {
  const { digest, deadline, allowance } = standing
  let { last } = standing
  let scanned = 0
  for (let losses = 0; losses < TRIES && scanned < REACH && clock.now() < deadline; losses++) {
    if (losses > 1) {
      await clock.sleep(clock.random() * WAIT_MS * losses)
      const passed = await stretch(log, roomId, last.seq + 1, REACH - scanned)
      if (!isGapless(passed, last.seq + 1)) throw torn(roomId)
      const own = await findEarlier(log, roomId, passed, draft, digest)
      if (own) return own
      scanned += passed.length
      last = passed.at(-1) ?? last
    }
    if (allowance && !draft.uncounted) checkRate(allowance, clock, last, draft.author.user)
    const entry = entryAfter(last, draft, digest, clock.now(), allowance?.rates)
    const standingThere = await log.put(roomId, entry)
    if (standingThere === 'stored') {
      if (!draft.uncounted) allowance?.authors?.take(draft.author.user)
      return { entry, duplicate: false }
    }
    const own = await findEarlier(log, roomId, [standingThere], draft, digest)
    if (own) return own
    last = standingThere
    if (draft.ifHead !== undefined) throw conflict(Math.max(last.seq, (await log.head(roomId))?.seq ?? 0))
  }
  const retryAfterMs = 250 + Math.floor(clock.random() * 250)
  throw new Refusal('unavailable', 'The room is too busy; the same message may be sent again.', { retryAfterMs })
}

function entryAfter(last: Entry, draft: Draft, digest: string, now: number, rates: Rates | undefined): Entry {
  const { author: from, clientMessageId, body, uncounted } = draft
  // Containers disagree about the time; a room's messages never run backwards.
  const sentAt = Math.max(now, last.sentAt)
  const spent = rates && nextUse(rates, last, sentAt, uncounted ? undefined : from.user)
  return {
    seq: last.seq + 1,
    sentAt,
    from,
    ...(clientMessageId !== undefined && { clientMessageId }),
    digest,
    body,
    ...(spent && { spent }),
  }
}

async function resyncRequired(log: Log, roomId: string): Promise<Refusal> {
  const head = await log.head(roomId)
  // Whoever has a session has a log: a room without one has nobody in it.
  if (!head) return new Refusal('not_joined', 'Join the room first.')
  const details = { head: head.seq, floor: await log.floor(roomId) }
  return new Refusal('resync_required', 'Read the history after this position before sending again.', { details })
}

function conflict(head: number): Refusal {
  return new Refusal('conflict', 'The room has moved on.', { details: { head } })
}

function torn(roomId: string): Error {
  return new Error(`The log of room ${roomId} has a hole.`)
}
