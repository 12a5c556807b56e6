import type { Clock } from '../clock.ts'

/** Above this many participants a room is crowded: nobody is told of comings and goings, and a count replaces the list. */
export const maxAnnounced = 75

/** A crowded room is an ordinary one again below 80 % of that. The original's rule: it keeps rooms from flickering. */
export const calmBelow = 60

/** Above this many connections a room is large, and below 80 % of it small again. */
export const inlineLimit = 500
const smallBelow = 400

/** Sessions that one part of a roster is meant to have, and how many parts there are at most. */
export const partSize = 500
export const maxParts = 20

/** For so long, in milliseconds, a count of a large room will do. */
const serves = 10_000

/** What was last counted of a room. Stands beside its sessions for whoever must know without looking at everyone. */
export interface Crowd {
  connections: number
  participants: number
  /** Nobody is told of comings and goings, and a count replaces the list. A large room always is. */
  crowded: boolean
  /** Too many for one send to reach while its sender waits: the stream delivers. */
  large: boolean
  /** Connection ids at which the roster splits into parts of about equal size, ascending; none when one part is enough. */
  bounds: string[]
  /** Milliseconds since 1970. */
  countedAt: number
}

/** A stretch of a roster, by connection id: `from` belongs to it, `below` does not. */
export interface RosterPart {
  from?: string
  below?: string
}

/** One connection, as far as it counts. */
export interface RosterMember {
  connectionId: string
  user: string
}

export interface CrowdStore {
  /** What is noted of the room; may lag by a moment. */
  crowd(roomId: string): Promise<Crowd | undefined>
  /** Notes it, provided that the last count noted is of this time, or that there is none; false when it is not. */
  noteCrowd(roomId: string, crowd: Crowd, expected?: number): Promise<boolean>
  /** Everyone in the room, for counting; may lag by a moment. */
  attendees(roomId: string): Promise<RosterMember[]>
}

/** What a look at everyone says of a room. Between the thresholds the past decides. */
export function counted(roster: readonly RosterMember[], known: Crowd | undefined, countedAt: number): Crowd {
  const connections = roster.length
  const participants = new Set(roster.map(({ user }) => user)).size
  const large = connections > inlineLimit || (known?.large === true && connections >= smallBelow)
  const crowded = large || participants > maxAnnounced || (known?.crowded === true && participants >= calmBelow)
  return { connections, participants, crowded, large, bounds: boundsOf(roster), countedAt }
}

/** For whoever has looked at everyone anyway: what that says of the room, noted where it is news. */
export async function noteIfChanged(
  store: CrowdStore,
  clock: Pick<Clock, 'now'>,
  roomId: string,
  roster: readonly RosterMember[],
  known: Crowd | undefined,
): Promise<Crowd> {
  const crowd = counted(roster, known, after(known, clock))
  const { crowded = false, large = false } = known ?? {}
  // Whoever was first noted something as young as this.
  if (crowd.crowded !== crowded || crowd.large !== large) {
    await store.noteCrowd(roomId, crowd, known?.countedAt)
  }
  return crowd
}

export const isOld = ({ countedAt }: Crowd, now: number): boolean => now - countedAt > serves

/** What is known of a room, which of a large one is counted again by whoever finds it old. */
export async function currentCrowd(
  store: CrowdStore,
  clock: Pick<Clock, 'now'>,
  roomId: string,
  known?: Crowd,
): Promise<Crowd | undefined> {
  return known?.large && isOld(known, clock.now()) ? recount(store, clock, roomId, known) : known
}

/** Counts again and notes it. Of many who find a count old, one counts; the others use what they have. */
export async function recount(
  store: CrowdStore,
  clock: Pick<Clock, 'now'>,
  roomId: string,
  known?: Crowd,
): Promise<Crowd> {
  const claim: Crowd = { ...(known ?? nobody), countedAt: after(known, clock) }
  const isMine = await store.noteCrowd(roomId, claim, known?.countedAt)
  if (!isMine) return known ?? (await store.crowd(roomId)) ?? claim
  const crowd = counted(await store.attendees(roomId), known, claim.countedAt)
  await store.noteCrowd(roomId, crowd, claim.countedAt)
  return crowd
}

const nobody = { connections: 0, participants: 0, crowded: false, large: false, bounds: [] }

/** The time of a count tells it from every other, also where clocks disagree. */
const after = (known: Crowd | undefined, clock: Pick<Clock, 'now'>) =>
  Math.max(clock.now(), (known?.countedAt ?? 0) + 1)

/** The whole roster in parts that have nobody in common, whoever came or went since the count. */
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
