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
  /** Everyone there. Nobody, where the room is large: then it is not looked at. */
  roster: Session[]
  crowd: Crowd
  /** The user was in the room on no other connection before. In a large room nobody asks. */
  arrived: boolean
  /** What was read of the log after the session stood. */
  view: View
}

type Stores = { sessions: SessionStore; roles: GrantStore; categories: CategoryStore; clock: Pick<Clock, 'now'> }
type JoinRequest = Pick<Session, 'roomId' | 'connectionId' | 'joinedAt' | 'expiresAt' | 'hearsUntil'>

/**
 * The session stands before the log is read, so no message falls between the two. Rights are read before the session
 * is written, without a voice, and once more after, before it gets one: a revocation either is seen by the second
 * reading, or sees the session and decides. So the first reading may lag.
 */
export async function join<View>(
  stores: Stores,
  caller: Caller,
  place: JoinRequest,
  mostRooms: number,
  read: (session: Session) => Promise<View>,
): Promise<JoinResult<View>> {
  const { roomId, connectionId } = place
  const standingNow = async () => requirePermission(await loadAccess(stores, roomId, caller), 'join')
  const [known, before] = await Promise.all([stores.sessions.crowd(roomId), loadAccess(stores, roomId, caller, true)])
  // Old news may let somebody begin, for the second reading decides, but must not refuse who was granted just now.
  const rights = rightsOf(before?.permissions.includes('join') ? before : await standingNow())
  const provisional = { ...place, user: caller.user, name: caller.name, ...rights, canChat: false, confirmed: false }
  const outcome = await stores.sessions.join(provisional, mostRooms)
  if (outcome === 'closed') throw new Replaced()
  if (outcome === 'unknown') throw new Refusal('not_joined', 'The connection is not open.')
  if (outcome === 'too_many') throw new Refusal('limit_exceeded', `A connection joins at most ${mostRooms} rooms.`)
  try {
    const [standing, { present, crowd }, view] = await Promise.all([
      standingNow(),
      loadRoster(stores, roomId, known),
      read(provisional),
    ])
    const entitled = { ...provisional, ...rightsOf(standing), confirmed: true }
    // Of several joins of one connection, the one that gives the voice is the one that tells.
    const gave = outcome !== 'again' && (await stores.sessions.confirm(entitled, joinedBy(entitled)))
    // The rights of a session that had its voice are kept by whoever changes grants.
    const session = gave ? entitled : await stores.sessions.find(roomId, connectionId)
    if (!session) throw await endedMeanwhile(standingNow)
    const roster = present.map((other) => (other.connectionId === connectionId ? session : other))
    return { session, standing, roster, crowd, view, arrived: gave && !crowd.large && isArrival(session, roster) }
  } catch (error) {
    if (outcome === 'joined') await stores.sessions.end(roomId, connectionId)
    throw error
  }
}

/** Who is there, as far as anybody is told: of a large room how many. */
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

/** By a revocation, which says so; else by a push that took the connection for gone, and joining again helps. */
async function endedMeanwhile(standingNow: () => Promise<RoomAccess>): Promise<Refusal> {
  await standingNow()
  return new Refusal('unavailable', 'The session ended while it began. Join again.', { retryAfterMs: 100 })
}

const joinedBy = ({ user, name, joinedAt }: Session): RecordEvent => ({
  at: joinedAt,
  event: 'joined',
  by: user,
  details: { name },
})

/** A standing as a session remembers it. */
export const rightsOf = ({ category, roles, permissions }: RoomAccess) => ({
  canChat: permissions.includes('chat'),
  isManager: roles.includes('manager'),
  isPresenter: isPresenter(roles),
  logged: keepsHistory(category),
})

type Rights = ReturnType<typeof rightsOf>

export const sameRights = (a: Rights, b: Rights): boolean =>
  a.canChat === b.canChat && a.isManager === b.isManager && a.isPresenter === b.isPresenter && a.logged === b.logged
