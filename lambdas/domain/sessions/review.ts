import { loadAccess, type RoomAccess } from '../access/access.ts'
import type { CategoryStore } from '../access/categories.ts'
import { isUser, type Principal, principalsOf, userPrincipal } from '../access/principals.ts'
import type { GrantStore } from '../access/roles.ts'
import type { Clock } from '../clock.ts'
import { forEachConcurrent } from '../concurrency.ts'
import { leftEvent } from '../record/record.ts'
import type { Connection } from './connections.ts'
import { rightsOf, sameRights } from './join.ts'
import type { Session, SessionStore } from './sessions.ts'

/** The effect of a change of rights on the sessions of a room. */
export interface ReviewResult {
  kicked: Session[]
  changed: Session[]
  /** The sessions that remain in the room, with their present rights. */
  roster: Session[]
  /** Why some sessions could not be reviewed. They are in `roster` with their former rights. */
  failures?: unknown[]
}

type Stores = { sessions: SessionStore; roles: GrantStore; categories: CategoryStore; clock: Pick<Clock, 'now'> }

/**
 * Compares the sessions of a room with the present rights of their users, after a change that concerns the `touched`
 * principals, or all users if none are given; of all sessions, or of those given. Ends sessions that may no longer join,
 * and updates sessions whose rights changed. A session that cannot be reviewed keeps no other from it.
 */
export async function review(
  stores: Stores,
  roomId: string,
  touched?: readonly Principal[],
  sessions?: readonly Session[],
): Promise<ReviewResult> {
  const roster = sessions ?? (await stores.sessions.roster(roomId))
  const candidates = roster.filter((session) => mayBeTouched(session, touched))
  const connections = await connectionsOf(stores.sessions, candidates)
  const groupsOf = (session: Session) => connections.get(session.connectionId)?.groups ?? []
  const isTouched = (session: Session) => {
    const principals = principalsOf({ user: session.user, groups: groupsOf(session) })
    return !touched || touched.some((principal) => principals.includes(principal))
  }
  const accessByIdentity = new Map<string, Promise<RoomAccess | undefined>>()
  const accessOf = (session: Session) => {
    const groups = groupsOf(session)
    const identity = [session.user, ...groups].join('\n')
    const known = accessByIdentity.get(identity)
    const access = known ?? loadAccess(stores, roomId, { user: session.user, groups, admin: false })
    accessByIdentity.set(identity, access)
    return access
  }
  const bySession = new Map<Session, ReviewedSession>()
  const failures: unknown[] = []
  await forEachConcurrent(roster.filter(isTouched), async (session) => {
    try {
      bySession.set(session, await reviewSession(stores, session, await accessOf(session)))
    } catch (error) {
      failures.push(error)
    }
  })
  const reviewed = roster.map((session): ReviewedSession => bySession.get(session) ?? { outcome: 'same', session })
  const withOutcome = (...outcomes: ReviewOutcome[]) =>
    reviewed.filter(({ outcome }) => outcomes.includes(outcome)).map(({ session }) => session)
  return {
    kicked: withOutcome('kicked'),
    changed: withOutcome('changed'),
    roster: withOutcome('same', 'changed'),
    ...(failures.length > 0 && { failures }),
  }
}

/** A grant to one user concerns only this user. A grant to a group or to everyone may concern any user. */
const mayBeTouched = ({ user }: Session, touched: readonly Principal[] | undefined) =>
  !touched || touched.some((principal) => !isUser(principal) || principal === userPrincipal(user))

type ReviewOutcome = 'same' | 'changed' | 'kicked' | 'gone'
type ReviewedSession = { outcome: ReviewOutcome; session: Session }

async function reviewSession(
  { sessions, clock }: Stores,
  session: Session,
  access: RoomAccess | undefined,
): Promise<ReviewedSession> {
  if (!access?.permissions.includes('join')) {
    const { roomId, connectionId, user } = session
    const ended = await sessions.end(roomId, connectionId, leftEvent(user, clock.now(), 'kicked'))
    return { outcome: ended ? 'kicked' : 'gone', session }
  }
  const rights = rightsOf(access)
  const current = { ...session, ...rights, confirmed: true }
  if (sameRights(rights, session) && session.confirmed) return { outcome: 'same', session: current }
  await sessions.update(current)
  // An unconfirmed session is not announced yet, and `logged` is not visible to other users.
  const looksSame = !session.confirmed || sameRights({ ...rights, logged: session.logged }, session)
  return { outcome: looksSame ? 'same' : 'changed', session: current }
}

async function connectionsOf(sessions: SessionStore, roster: readonly Session[]): Promise<Map<string, Connection>> {
  const found = await sessions.connections(roster.map((session) => session.connectionId))
  return new Map(found.map((connection) => [connection.connectionId, connection]))
}
