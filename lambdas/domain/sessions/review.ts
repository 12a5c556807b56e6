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

/** What a change of rights did to the sessions of a room. */
export interface ReviewResult {
  kicked: Session[]
  changed: Session[]
  /** Everyone still in the room, with their present rights. */
  roster: Session[]
}

type Stores = { sessions: SessionStore; roles: GrantStore; categories: CategoryStore; clock: Pick<Clock, 'now'> }

/**
 * Holds the sessions of a room against the rights of their users as they are now, after a change that touched some
 * principals (or anyone, when none are named): who may no longer be there is out, whose rights changed is updated.
 */
export async function review(stores: Stores, roomId: string, touched?: readonly Principal[]): Promise<ReviewResult> {
  const roster = await stores.sessions.roster(roomId)
  const suspects = roster.filter((session) => mayBeTouched(session, touched))
  const connections = await connectionsOf(stores.sessions, suspects)
  const groupsOf = (session: Session) => connections.get(session.connectionId)?.groups ?? []
  const affected = (session: Session) => {
    const principals = principalsOf({ user: session.user, groups: groupsOf(session) })
    return !touched || touched.some((principal) => principals.includes(principal))
  }
  const standings = new Map<string, Promise<RoomAccess | undefined>>()
  const standingOf = (session: Session) => {
    const groups = groupsOf(session)
    const identity = [session.user, ...groups].join('\n')
    const known = standings.get(identity)
    const standing = known ?? loadAccess(stores, roomId, { user: session.user, groups, admin: false })
    standings.set(identity, standing)
    return standing
  }
  const bySession = new Map<Session, ReviewedSession>()
  await forEachConcurrent(roster.filter(affected), async (session) => {
    bySession.set(session, await reviewSession(stores, session, await standingOf(session)))
  })
  const reviewed = roster.map((session): ReviewedSession => bySession.get(session) ?? { outcome: 'same', session })
  const having = (...outcomes: ReviewOutcome[]) =>
    reviewed.filter(({ outcome }) => outcomes.includes(outcome)).map(({ session }) => session)
  return { kicked: having('kicked'), changed: having('changed'), roster: having('same', 'changed') }
}

/** Only grants to groups, or to everyone, can concern those whom they do not name. */
const mayBeTouched = ({ user }: Session, touched: readonly Principal[] | undefined) =>
  !touched || touched.some((principal) => !isUser(principal) || principal === userPrincipal(user))

type ReviewOutcome = 'same' | 'changed' | 'kicked' | 'gone'
type ReviewedSession = { outcome: ReviewOutcome; session: Session }

async function reviewSession(
  { sessions, clock }: Stores,
  session: Session,
  standing: RoomAccess | undefined,
): Promise<ReviewedSession> {
  if (!standing?.permissions.includes('join')) {
    const { roomId, connectionId, user } = session
    const ended = await sessions.end(roomId, connectionId, leftEvent(user, clock.now(), 'kicked'))
    return { outcome: ended ? 'kicked' : 'gone', session }
  }
  const rights = rightsOf(standing)
  const current = { ...session, ...rights, confirmed: true }
  if (sameRights(rights, session) && session.confirmed) return { outcome: 'same', session: current }
  await sessions.update(current)
  // Nobody was told yet of one whose join is under way, and whether a room keeps what is said is not seen of others.
  const looksSame = !session.confirmed || sameRights({ ...rights, logged: session.logged }, session)
  return { outcome: looksSame ? 'same' : 'changed', session: current }
}

async function connectionsOf(sessions: SessionStore, roster: readonly Session[]): Promise<Map<string, Connection>> {
  const found = await sessions.connections(roster.map((session) => session.connectionId))
  return new Map(found.map((connection) => [connection.connectionId, connection]))
}
