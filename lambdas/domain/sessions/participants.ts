import type { Participant, Session } from './sessions.ts'

export const participantOf = ({ user, name, isManager, isPresenter }: Participant): Participant => ({
  user,
  name,
  isManager,
  isPresenter,
})

/** Each user once, whatever the number of connections, in the order in which they came. */
export function participantsOf(roster: readonly Session[]): Participant[] {
  const users = new Map<string, Participant>()
  for (const session of [...roster].sort(byArrival)) {
    if (!users.has(session.user)) users.set(session.user, participantOf(session))
  }
  return [...users.values()]
}

export const byArrival = (a: Session, b: Session) =>
  a.joinedAt - b.joinedAt || (a.connectionId < b.connectionId ? -1 : a.connectionId > b.connectionId ? 1 : 0)

/** Of two connections of a user that join at once, the earlier one is the arrival; both, where clocks disagree. */
export const isArrival = (session: Session, roster: readonly Session[]): boolean =>
  !roster.some((other) => other.user === session.user && byArrival(other, session) < 0)
