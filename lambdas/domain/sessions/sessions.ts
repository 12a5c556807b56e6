import { Refusal } from '../errors.ts'
import { leftEvent, type RecordEvent } from '../record/record.ts'
import type { ConnectionStore } from './connections.ts'
import type { CrowdStore, RosterPart } from './crowd.ts'

/** What a connection is told about itself and others in a room. */
export interface Participant {
  user: string
  name: string
  isManager: boolean
  isPresenter: boolean
}

/** One connection's presence in one room. */
export interface Session extends Participant {
  roomId: string
  connectionId: string
  canChat: boolean
  /** What is said here is kept: the room's category has a history. */
  logged: boolean
  /** Its rights were read again after it stood. Until then it has no voice. */
  confirmed: boolean
  /** Milliseconds since 1970. */
  joinedAt: number
  /** Seconds since 1970, when the connection is gone for certain. */
  expiresAt: number
  /** Seconds since 1970, when its token has ended and it hears nothing more; left out where it is gone by then. */
  hearsUntil?: number
}

export type Joining = 'joined' | 'unconfirmed' | 'again' | 'closed' | 'unknown' | 'too_many'

export interface SessionStore extends ConnectionStore, CrowdStore {
  find(roomId: string, connectionId: string): Promise<Session | undefined>
  /** As `find`, for half of its price; may lag by a moment. */
  findEventually(roomId: string, connectionId: string): Promise<Session | undefined>
  /**
   * Stores a session. Session and connection change together: a connection that is closed or not known joins nothing.
   * An unconfirmed session belongs to a join that is under way, or was cut off.
   */
  join(session: Session, mostRooms: number): Promise<Joining>
  /** Stores the rights of a session, confirms and records it; false when it is gone or was confirmed by another. */
  confirm(session: Session, joined: RecordEvent): Promise<boolean>
  /** Stores the rights of a session that is still there, and confirms it. */
  update(session: Session): Promise<void>
  /** Ends and records it; true for the one call that did. A closed connection keeps the room on its list. */
  end(roomId: string, connectionId: string, left?: RecordEvent, connection?: 'open' | 'closed'): Promise<boolean>
  /** Every session of the room that still hears what happens, strongly consistent. */
  roster(roomId: string): Promise<Session[]>
  /** Those of a stretch of the roster, strongly consistent. */
  part(roomId: string, part: RosterPart): Promise<Session[]>
}

export async function requireSession(store: SessionStore, roomId: string, connectionId: string): Promise<Session> {
  const session = await store.find(roomId, connectionId)
  if (!session) throw notJoined()
  return session
}

/** Who is on a connection never changes, so an old view of it will do; that nobody is has to be certain. */
export const sessionOn = async (
  store: SessionStore,
  roomId: string,
  connectionId: string,
): Promise<Session | undefined> =>
  (await store.findEventually(roomId, connectionId)) ?? store.find(roomId, connectionId)

export async function requireSender(store: SessionStore, roomId: string, connectionId: string): Promise<Session> {
  const session = await requireSession(store, roomId, connectionId)
  // A join that was cut off left it, or one is under way: joining is what helps, and not the presenter's role.
  if (!session.confirmed) throw notJoined()
  if (!session.canChat) throw new Refusal('forbidden', 'Only a presenter may post in an auditorium.')
  return session
}

/** Answers the session that ended. */
export async function leave(store: SessionStore, roomId: string, connectionId: string, at: number): Promise<Session> {
  const session = await sessionOn(store, roomId, connectionId)
  if (!session || !(await store.end(roomId, connectionId, leftEvent(session.user, at, 'left')))) throw notJoined()
  return session
}

const notJoined = () => new Refusal('not_joined', 'Join the room first.')
