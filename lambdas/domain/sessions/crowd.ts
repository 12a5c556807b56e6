import { isApp } from '../apps.ts'
import type { Clock } from '../clock.ts'

/**
 * Above this many participants a room is crowded: arrivals and departures are no longer announced, and clients get a
 * count instead of the list.
 */
export const maxAnnounced = 75

/**
 * Below this many participants, 80 % of the limit, a crowded room is an ordinary one again. The original has the same
 * rule; it prevents frequent changes.
 */
export const calmBelow = 60

/** Above this many connections a room is large. Below 80 % of this it is small again. */
export const inlineLimit = 500
const smallBelow = 400

/** The target number of sessions in one part of a roster, and the most parts of a roster. */
export const partSize = 500
export const maxParts = 20

/** Milliseconds until the count of a large room is old. */
const oldAfterMs = 10_000

/** The last count of a room. Stored next to the sessions, so that callers need not read the whole roster. */
export interface Crowd {
  connections: number
  participants: number
  /**
   * Arrivals and departures are not announced, and clients get a count instead of the list. True for every large room.
   */
  crowded: boolean
  /** The room is too large for one `send` to deliver while its sender waits: the stream of the log delivers. */
  large: boolean
  /**
   * The connection ids that split the roster into parts of about equal size, in ascending order. Empty if one part is
   * enough.
   */
  bounds: string[]
  /** Milliseconds since 1970. */
  countedAt: number
}

/** A part of a roster by connection id: from `from`, included, to `below`, excluded. */
export interface RosterPart {
  from?: string
  below?: string
}

/** The fields of a connection that a count needs. */
export interface RosterMember {
  connectionId: string
  user: string
}

export interface CrowdStore {
  /** The last noted count. The result may be slightly old. */
  crowd(roomId: string): Promise<Crowd | undefined>
  /**
   * Notes a count if the last noted count has the time `expected`, or if none is noted and `expected` is left out.
   * Otherwise returns false.
   */
  noteCrowd(roomId: string, crowd: Crowd, expected?: number): Promise<boolean>
  /** All connections in the room, for a count. The result may be slightly old. */
  attendees(roomId: string): Promise<RosterMember[]>
}

/** The count of a whole roster. Between the two thresholds, the room keeps the state of the last count. */
export function counted(roster: readonly RosterMember[], known: Crowd | undefined, countedAt: number): Crowd {
  const connections = roster.length
  const participants = new Set(roster.map(({ user }) => user).filter((user) => !isApp(user))).size
  const large = connections > inlineLimit || (known?.large === true && connections >= smallBelow)
  const crowded = large || participants > maxAnnounced || (known?.crowded === true && participants >= calmBelow)
  return { connections, participants, crowded, large, bounds: boundsOf(roster), countedAt }
}

/**
 * For callers that have read the roster already: counts it, and notes the count if the state of the room has changed.
 */
export async function noteIfChanged(
  store: CrowdStore,
  clock: Pick<Clock, 'now'>,
  roomId: string,
  roster: readonly RosterMember[],
  known: Crowd | undefined,
): Promise<Crowd> {
  const crowd = counted(roster, known, nextCountTime(known, clock))
  const { crowded = false, large = false } = known ?? {}
  // If the note fails, another caller has just noted a count of the same age.
  if (crowd.crowded !== crowded || crowd.large !== large) {
    await store.noteCrowd(roomId, crowd, known?.countedAt)
  }
  return crowd
}

export const isOld = ({ countedAt }: Crowd, now: number): boolean => now - countedAt > oldAfterMs

/** The known count of a room. If the count of a large room is old, it is counted again. */
export async function currentCrowd(
  store: CrowdStore,
  clock: Pick<Clock, 'now'>,
  roomId: string,
  known?: Crowd,
): Promise<Crowd | undefined> {
  return known?.large && isOld(known, clock.now()) ? recount(store, clock, roomId, known) : known
}

/**
 * Counts the room and notes the count. Of many callers that find an old count, one counts. The others use the count
 * that they have.
 */
export async function recount(
  store: CrowdStore,
  clock: Pick<Clock, 'now'>,
  roomId: string,
  known?: Crowd,
): Promise<Crowd> {
  const claim: Crowd = { ...(known ?? emptyCrowd), countedAt: nextCountTime(known, clock) }
  const isMine = await store.noteCrowd(roomId, claim, known?.countedAt)
  if (!isMine) return known ?? (await store.crowd(roomId)) ?? claim
  const crowd = counted(await store.attendees(roomId), known, claim.countedAt)
  await store.noteCrowd(roomId, crowd, claim.countedAt)
  return crowd
}

const emptyCrowd = { connections: 0, participants: 0, crowded: false, large: false, bounds: [] }

/** Every count of a room gets a new time, even if clocks differ, because the time identifies the count. */
const nextCountTime = (known: Crowd | undefined, clock: Pick<Clock, 'now'>) =>
  Math.max(clock.now(), (known?.countedAt ?? 0) + 1)

/** Splits a whole roster into parts that do not overlap, even if users joined or left after the count. */
export function partsOf({ bounds }: Pick<Crowd, 'bounds'>): RosterPart[] {
  return [...bounds, undefined].map((below, at) => {
    const from = bounds[at - 1]
    return { ...(from !== undefined && { from }), ...(below !== undefined && { below }) }
  })
}

function boundsOf(roster: readonly RosterMember[]): string[] {
  const parts = Math.min(Math.ceil(roster.length / partSize), maxParts)
  if (parts <= 1) return []
  const ids = roster.map(({ connectionId }) => connectionId).sort((a, b) => (a < b ? -1 : 1))
  return Array.from({ length: parts - 1 }, (_, at) => ids[Math.floor(((at + 1) * ids.length) / parts)] ?? '')
}
