import { isApp } from '../apps.ts'
import type { Participant, Session } from './sessions.ts'

export const participantOf = ({ user, name, isManager, isPresenter }: Participant): Participant => ({
  user,
  name,
  isManager,
  isPresenter,
})

/** The users of a roster without apps, once each, sorted by the time of their first join. */
export function participantsOf(roster: readonly Session[]): Participant[] {
  const users = new Map<string, Participant>()
  for (const session of [...roster].sort(byArrival)) {
    if (!isApp(session.user) && !users.has(session.user)) users.set(session.user, participantOf(session))
  }
  return [...users.values()]
}

export const byArrival = (a: Session, b: Session) =>
  a.joinedAt - b.joinedAt || (a.connectionId < b.connectionId ? -1 : a.connectionId > b.connectionId ? 1 : 0)

/**
 * Whether the session is the first of its user in the room. If two connections of a user join at once, the earlier one
 * is the arrival. If clocks differ, both may be. An app never is.
 */
export const isArrival = (session: Session, roster: readonly Session[]): boolean =>
  !isApp(session.user) && !roster.some((other) => other.user === session.user && byArrival(other, session) < 0)
