import { Refusal } from '../errors.ts'
import { leftEvent, type RecordEvent } from '../record/record.ts'
import type { ConnectionStore } from './connections.ts'
import type { CrowdStore, RosterPart } from './crowd.ts'

/** The public fields of a user in a room. */
export interface Participant {
  user: string
  name: string
  isManager: boolean
  isPresenter: boolean
}

/** The presence of one connection in one room. */
export interface Session extends Participant {
  roomId: string
  connectionId: string
  canChat: boolean
  /** The room keeps its messages: its category has a history. */
  logged: boolean
  /** The rights were read again after the session was stored. Until then the session cannot send. */
  confirmed: boolean
  /** Milliseconds since 1970. */
  joinedAt: number
  /** Seconds since 1970. After this time the connection is certainly closed. */
  expiresAt: number
  /**
   * Seconds since 1970. After this time the token has expired and the session receives no pushes. Left out if the
   * connection is closed by then.
   */
  hearsUntil?: number
}

export type Joining = 'joined' | 'unconfirmed' | 'again' | 'closed' | 'unknown' | 'too_many'

export interface SessionStore extends ConnectionStore, CrowdStore {
  find(roomId: string, connectionId: string): Promise<Session | undefined>
  /** Like `find`, at half the cost. The result may be slightly old. */
  findEventually(roomId: string, connectionId: string): Promise<Session | undefined>
  /**
   * Stores a session. Session and connection change in one transaction, so a closed or unknown connection cannot join.
   * An unconfirmed session belongs to a join that is in progress or was interrupted.
   */
  join(session: Session, mostRooms: number): Promise<Joining>
  /**
   * Stores the rights of a session, confirms it and records the join. Returns false if the session ended, or if another
   * call confirmed it first.
   */
  confirm(session: Session, joined: RecordEvent): Promise<boolean>
  /** Stores the rights of a session and confirms it, if it still exists. */
  update(session: Session): Promise<void>
  /**
   * Ends a session and records its end. Returns true only for the call that ended it. A closed connection keeps the
   * room in its list.
   */
  end(roomId: string, connectionId: string, left?: RecordEvent, connection?: 'open' | 'closed'): Promise<boolean>
  /** All sessions of the room that still receive pushes, read with strong consistency. */
  roster(roomId: string): Promise<Session[]>
  /** The sessions of a part of the roster, read with strong consistency. */
  part(roomId: string, part: RosterPart): Promise<Session[]>
}

export async function requireSession(store: SessionStore, roomId: string, connectionId: string): Promise<Session> {
  const session = await store.find(roomId, connectionId)
  if (!session) throw notJoined()
  return session
}

/**
 * The user of a session never changes, so a session that was found may be slightly old. A missing session is read again
 * with strong consistency.
 */
export const sessionOn = async (
  store: SessionStore,
  roomId: string,
  connectionId: string,
): Promise<Session | undefined> =>
  (await store.findEventually(roomId, connectionId)) ?? store.find(roomId, connectionId)

export async function requireSender(store: SessionStore, roomId: string, connectionId: string): Promise<Session> {
  const session = await requireSession(store, roomId, connectionId)
  // The join of this session was interrupted or is in progress. A new join helps, so the refusal is `not_joined` and
  // not `forbidden`.
  if (!session.confirmed) throw notJoined()
  if (!session.canChat) throw new Refusal('forbidden', 'Only a presenter may post in an auditorium.')
  return session
}

/** Ends the session and returns it. Throws `not_joined` if it does not exist. */
export async function leave(store: SessionStore, roomId: string, connectionId: string, at: number): Promise<Session> {
  const session = await sessionOn(store, roomId, connectionId)
  if (!session || !(await store.end(roomId, connectionId, leftEvent(session.user, at, 'left')))) throw notJoined()
  return session
}

const notJoined = () => new Refusal('not_joined', 'Join the room first.')
