import { isPresenter, loadAccess, type RoomAccess, requirePermission } from '../access/access.ts'
import type { CategoryStore } from '../access/categories.ts'
import { keepsHistory } from '../access/categories.ts'
import type { Caller } from '../access/principals.ts'
import type { GrantStore } from '../access/roles.ts'
import type { Clock } from '../clock.ts'
import { Refusal, Replaced } from '../errors.ts'
import type { RecordEvent } from '../record/record.ts'
import { type Crowd, currentCrowd, noteIfChanged } from './crowd.ts'
import { isArrival } from './participants.ts'
import type { Session, SessionStore } from './sessions.ts'

export interface JoinResult<View> {
  session: Session
  standing: RoomAccess
  /** All sessions of the room. Empty for a large room, whose roster is not read. */
  roster: Session[]
  crowd: Crowd
  /** The user had no other connection in the room. Always false in a large room. */
  arrived: boolean
  /** The result of reading the log after the session was stored. */
  view: View
}

type Stores = { sessions: SessionStore; roles: GrantStore; categories: CategoryStore; clock: Pick<Clock, 'now'> }
type JoinRequest = Pick<Session, 'roomId' | 'connectionId' | 'joinedAt' | 'expiresAt' | 'hearsUntil'>

/**
 * Joins a room. The session is stored before the log is read, so no message is missed between the two. The rights are
 * read before the session is stored, and again before it is confirmed. A revocation is therefore either seen by the
 * second read, or it finds the session and ends it. For this reason the first read may be slightly old.
 */
export async function join<View>(
  stores: Stores,
  caller: Caller,
  request: JoinRequest,
  mostRooms: number,
  read: (session: Session) => Promise<View>,
): Promise<JoinResult<View>> {
  const { roomId, connectionId } = request
  const currentAccess = async () => requirePermission(await loadAccess(stores, roomId, caller), 'join')
  const [known, before] = await Promise.all([stores.sessions.crowd(roomId), loadAccess(stores, roomId, caller, true)])
  // A stale read may admit a user for now, because the second read decides. It must not refuse a user whose grant is
  // new.
  const rights = rightsOf(before?.permissions.includes('join') ? before : await currentAccess())
  const provisional = { ...request, user: caller.user, name: caller.name, ...rights, canChat: false, confirmed: false }
  const outcome = await stores.sessions.join(provisional, mostRooms)
  if (outcome === 'closed') throw new Replaced()
  if (outcome === 'unknown') throw new Refusal('not_joined', 'The connection is not open.')
  if (outcome === 'too_many') throw new Refusal('limit_exceeded', `A connection joins at most ${mostRooms} rooms.`)
  try {
    const [standing, { present, crowd }, view] = await Promise.all([
      currentAccess(),
      loadRoster(stores, roomId, known),
      read(provisional),
    ])
    const confirmed = { ...provisional, ...rightsOf(standing), confirmed: true }
    // If one connection joins twice, only the call that confirms the session announces it.
    const isFirst = outcome !== 'again' && (await stores.sessions.confirm(confirmed, joinedBy(confirmed)))
    // A session that was confirmed before has current rights: every change of grants updates them.
    const session = isFirst ? confirmed : await stores.sessions.find(roomId, connectionId)
    if (!session) throw await endedDuringJoin(currentAccess)
    const roster = present.map((other) => (other.connectionId === connectionId ? session : other))
    return { session, standing, roster, crowd, view, arrived: isFirst && !crowd.large && isArrival(session, roster) }
  } catch (error) {
    if (outcome === 'joined') await stores.sessions.end(roomId, connectionId)
    throw error
  }
}

/** The sessions of the room and its count. For a large room, only the count. */
async function loadRoster(
  { sessions, clock }: Stores,
  roomId: string,
  known: Crowd | undefined,
): Promise<{ present: Session[]; crowd: Crowd }> {
  const crowd = await currentCrowd(sessions, clock, roomId, known)
  if (crowd?.large) return { present: [], crowd }
  const present = await sessions.roster(roomId)
  return { present, crowd: await noteIfChanged(sessions, clock, roomId, present, crowd) }
}

/**
 * The refusal for a session that ended during its join. After a revocation, `currentAccess` throws the reason.
 * Otherwise a push found the connection gone, and a new join helps.
 */
async function endedDuringJoin(currentAccess: () => Promise<RoomAccess>): Promise<Refusal> {
  await currentAccess()
  return new Refusal('unavailable', 'The session ended while it began. Join again.', { retryAfterMs: 100 })
}

const joinedBy = ({ user, name, joinedAt }: Session): RecordEvent => ({
  at: joinedAt,
  event: 'joined',
  by: user,
  details: { name },
})

/** The rights that a session stores. */
export const rightsOf = ({ category, roles, permissions }: RoomAccess) => ({
  canChat: permissions.includes('chat'),
  isManager: roles.includes('manager'),
  isPresenter: isPresenter(roles),
  logged: keepsHistory(category),
})

type Rights = ReturnType<typeof rightsOf>

export const sameRights = (a: Rights, b: Rights): boolean =>
  a.canChat === b.canChat && a.isManager === b.isManager && a.isPresenter === b.isPresenter && a.logged === b.logged
