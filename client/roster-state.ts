import type { Participant, Pushes } from '../protocol/types.ts'

/** A user in the room, once for all connections. The flags are the present rights. */
export type { Participant } from '../protocol/types.ts'

/** A user joined, left or has other rights. */
export type ParticipantEvent = Readonly<Pick<Pushes['participant'], 'event' | 'user'>>

/** The participants of a room, as far as they are known. */
export interface RosterState {
  /** By user id; undefined while only the number is known. */
  readonly participants: ReadonlyMap<string, Participant> | undefined
  readonly count: number
  /** Events that came before the list. */
  readonly waiting: readonly ParticipantEvent[] | undefined
}

export interface RosterChange {
  readonly state: RosterState
  /** The events to raise. */
  readonly changes: readonly ParticipantEvent[]
  /** The list may be incomplete and must be fetched again. */
  readonly stale: boolean
}

/** In rooms with more participants the server announces no events (`announcedParticipants` of `hello`). */
export const maxAnnounced = 75

/** The state before the first list. */
export const emptyRoster: RosterState = { participants: undefined, count: 0, waiting: [] }

/** Replaces the state by a list, or by the number of a crowded room. Then the waiting events are applied. */
export function applyList(
  state: RosterState,
  listing: { participants?: readonly Participant[]; participantCount?: number },
): RosterChange {
  const { participants: list } = listing
  if (!list) {
    const count = listing.participantCount ?? 0
    return { state: { participants: undefined, count, waiting: undefined }, changes: [], stale: false }
  }
  const participants = new Map(list.map((one) => [one.user, one]))
  let change: RosterChange = {
    state: { participants, count: participants.size, waiting: undefined },
    changes: state.participants === undefined ? [] : differences(state.participants, participants),
    stale: false,
  }
  for (const event of state.waiting ?? []) {
    const next = applyEvent(change.state, event)
    change = { ...next, changes: [...change.changes, ...next.changes], stale: change.stale || next.stale }
  }
  return change
}

/** Applies one event. A repeated event has no effect. */
export function applyEvent(state: RosterState, event: ParticipantEvent): RosterChange {
  const { participants, waiting } = state
  if (waiting) return { state: { ...state, waiting: [...waiting, event] }, changes: [], stale: false }
  // The room was crowded and announces events again. The list is not known.
  if (!participants) return { state, changes: [], stale: true }
  const { user } = event
  const known = participants.get(user.user)
  const isRepeated = event.event === 'left' ? !known : known && isSame(known, user)
  if (isRepeated || (event.event === 'changed' && !known)) return { state, changes: [], stale: false }
  const next = new Map(participants)
  if (event.event === 'left') next.delete(user.user)
  else next.set(user.user, user)
  const change = event.event === 'joined' && known ? ({ event: 'changed', user } as const) : event
  return {
    state: { participants: next, count: next.size, waiting: undefined },
    changes: [change],
    stale: participants.size >= maxAnnounced,
  }
}

type Participants = ReadonlyMap<string, Participant>

/** The events that lead from one list to another. */
function differences(before: Participants, after: Participants): ParticipantEvent[] {
  const events: ParticipantEvent[] = []
  for (const user of before.values()) if (!after.has(user.user)) events.push({ event: 'left', user })
  for (const user of after.values()) {
    const known = before.get(user.user)
    if (!known) events.push({ event: 'joined', user })
    else if (!isSame(known, user)) events.push({ event: 'changed', user })
  }
  return events
}

const isSame = (a: Participant, b: Participant): boolean =>
  a.name === b.name && a.isManager === b.isManager && a.isPresenter === b.isPresenter
