import type { CategoryStore } from './categories.ts'
import { Refused } from './errors.ts'
import type { Caller } from './principals.ts'
import type { RoleStore } from './roles.ts'
import { isArrival, type Session, type SessionStore } from './sessions.ts'
import { require, type Standing, standingIn } from './standing.ts'
import { keepsHistory } from './unlogged.ts'

export interface Joined<View> {
  session: Session
  standing: Standing
  roster: Session[]
  /** The user was in the room on no other connection before. */
  arrived: boolean
  /** What was read of the log after the session stood. */
  view: View
}

type Stores = { sessions: SessionStore; roles: RoleStore; categories: CategoryStore }
type Place = Pick<Session, 'roomId' | 'connectionId' | 'joinedAt' | 'expiresAt'>

/** A right can be revoked between being read and being used; then it is read again, this often. */
const mostReadings = 4

/**
 * The session stands before the log is read, so no message falls between the two. Rights are read before the session
 * is written and once more after: a revocation either is seen by the second reading or sees the session.
 */
export async function join<View>(
  stores: Stores,
  caller: Caller,
  place: Place,
  mostRooms: number,
  read: (session: Session) => Promise<View>,
): Promise<Joined<View>> {
  const { roomId, connectionId } = place
  const standingNow = () => standingIn(stores, roomId, caller)
  let standing = require(await standingNow(), 'join')
  const session = { ...place, user: caller.user, name: caller.name, ...rightsOf(standing) }
  const outcome = await stores.sessions.join(session, mostRooms)
  if (outcome === 'closed') throw new Refused('not_joined', 'The connection is closed.')
  if (outcome === 'too_many') throw new Refused('limit_exceeded', `A connection joins at most ${mostRooms} rooms.`)
  try {
    if (outcome === 'again') await stores.sessions.update(session)
    for (let reading = 1; reading < mostReadings; reading++) {
      const [again, roster, view] = await Promise.all([standingNow(), stores.sessions.roster(roomId), read(session)])
      const current = { ...session, ...rightsOf(require(again, 'join')) }
      if (sameRights(current, session)) {
        return { session, standing, roster, view, arrived: outcome === 'joined' && isArrival(session, roster) }
      }
      standing = require(again, 'join')
      Object.assign(session, current)
      await stores.sessions.update(session)
    }
    throw new Refused('unavailable', 'The rights in this room keep changing.', { retryAfterMs: 1000 })
  } catch (error) {
    if (outcome === 'joined') await stores.sessions.end(roomId, connectionId)
    throw error
  }
}

/** A standing as a session remembers it. */
export const rightsOf = ({ category, roles, permissions }: Standing) => ({
  canChat: permissions.includes('chat'),
  isManager: roles.includes('manager'),
  isPresenter: roles.includes('presenter'),
  logged: keepsHistory(category),
})

type Rights = ReturnType<typeof rightsOf>

export const sameRights = (a: Rights, b: Rights): boolean =>
  a.canChat === b.canChat && a.isManager === b.isManager && a.isPresenter === b.isPresenter && a.logged === b.logged
