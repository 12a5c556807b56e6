import type { Participant } from '../protocol/types.ts'

/** A user who is in the room, once however many connections. The flags tell rights as of now. */
export type { Participant } from '../protocol/types.ts'

/** Someone came, went, or has other rights than before. */
export interface ParticipantEvent {
  readonly event: 'joined' | 'left' | 'changed'
  readonly user: Participant
}

/** Who is in a room, as far as is known. */
export interface RosterState {
  /** By user id; nothing while only the number is known. */
  readonly participants: ReadonlyMap<string, Participant> | undefined
  readonly count: number
  /** What was told before the list came. */
  readonly waiting: readonly ParticipantEvent[] | undefined
}

export interface RosterChange {
  readonly presence: RosterState
  /** What a listener has to be told. */
  readonly changes: readonly ParticipantEvent[]
  /** The list is not known well enough any more and has to be asked for. */
  readonly stale: boolean
}

/** Above this many, comings and goings are not told (`announcedParticipants` of `hello`). */
export const maxAnnounced = 75

/** Before the first list. */
export const emptyRoster: RosterState = { participants: undefined, count: 0, waiting: [] }

/** A list, or the mere number of a crowded room, takes the place of what was known; then what waited is applied. */
export function applyList(
  presence: RosterState,
  listing: { participants?: readonly Participant[]; participantCount?: number },
): RosterChange {
  const { participants: list } = listing
  if (!list) {
    const count = listing.participantCount ?? 0
    return { presence: { participants: undefined, count, waiting: undefined }, changes: [], stale: false }
  }
  const participants = new Map(list.map((one) => [one.user, one]))
  const before = presence.participants ?? new Map<string, Participant>()
  const first = presence.participants === undefined
  const left = [...before.values()].filter(({ user }) => !participants.has(user))
  const arrived = list.filter(({ user }) => !before.has(user))
  const changed = list.filter((one) => {
    const known = before.get(one.user)
    return known !== undefined && !same(known, one)
  })
  const told = [
    ...left.map((user) => ({ event: 'left', user }) as const),
    ...arrived.map((user) => ({ event: 'joined', user }) as const),
    ...changed.map((user) => ({ event: 'changed', user }) as const),
  ]
  let shift: RosterChange = {
    presence: { participants, count: participants.size, waiting: undefined },
    changes: first ? [] : told,
    stale: false,
  }
  for (const attendance of presence.waiting ?? []) {
    const next = applyEvent(shift.presence, attendance)
    shift = { ...next, changes: [...shift.changes, ...next.changes], stale: shift.stale || next.stale }
  }
  return shift
}

/** One piece of news. Told twice, it is news once. */
export function applyEvent(presence: RosterState, attendance: ParticipantEvent): RosterChange {
  const { participants, waiting } = presence
  if (waiting) return { presence: { ...presence, waiting: [...waiting, attendance] }, changes: [], stale: false }
  // A room that tells again after it was crowded has changed unseen in between.
  if (!participants) return { presence, changes: [], stale: true }
  const { event, user } = attendance
  const known = participants.get(user.user)
  if (event === 'left' ? !known : known && same(known, user)) return { presence, changes: [], stale: false }
  if (event === 'changed' && !known) return { presence, changes: [], stale: false }
  const next = new Map(participants)
  if (event === 'left') next.delete(user.user)
  else next.set(user.user, user)
  const told = event === 'joined' && known ? ({ event: 'changed', user } as const) : attendance
  return {
    presence: { participants: next, count: next.size, waiting: undefined },
    changes: [told],
    stale: participants.size >= maxAnnounced,
  }
}

const same = (a: Participant, b: Participant): boolean =>
  a.name === b.name && a.isManager === b.isManager && a.isPresenter === b.isPresenter
