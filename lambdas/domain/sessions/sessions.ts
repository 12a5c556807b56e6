import { Refusal } from '../errors.ts'
import { leftEvent, type RecordEvent } from '../record/record.ts'
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

export interface Connection {
  connectionId: string
  user: string
  name: string
  groups: string[]
  /** Milliseconds since 1970. */
  connectedAt: number
  /** As those of its sessions. */
  expiresAt: number
  hearsUntil?: number
}

/** Oldest first. Connections of one moment are ordered by id, so that every function evicts the same ones. */
export const byAge = (a: Connection, b: Connection): number =>
  a.connectedAt - b.connectedAt || (a.connectionId < b.connectionId ? -1 : 1)

/** Whether a session, or a connection, is still to hear what happens. */
export const isListening = ({ expiresAt, hearsUntil }: Pick<Connection, 'expiresAt' | 'hearsUntil'>, nowMs: number) =>
  (hearsUntil ?? expiresAt) > nowMs / 1000

export type Joining = 'joined' | 'unconfirmed' | 'again' | 'closed' | 'unknown' | 'too_many'

export interface SessionStore extends CrowdStore {
  /** False when the connection was closed before it was opened. */
  open(connection: Connection): Promise<boolean>
  /** Marks the connection closed for good and answers the rooms it had joined. Repeating it changes nothing. */
  close(connectionId: string, forgetAt: number): Promise<string[]>
  /** The open connections of these ids. */
  connections(connectionIds: readonly string[]): Promise<Connection[]>
  /** Ids of the user's open connections, oldest first; may lag by a moment. */
  connectionsOf(user: string): Promise<string[]>
  /** Ids of the user's oldest open connections beyond so many, this one counted in; may lag by a moment. */
  surplusOf(user: string, most: number, connectionId: string): Promise<string[]>
  /**
   * Rooms in which the connection has a session, confirmed or not; strongly consistent. Empty for a connection that is
   * not known, undefined for one that was closed.
   */
  roomsOf(connectionId: string): Promise<string[] | undefined>
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

const byArrival = (a: Session, b: Session) =>
  a.joinedAt - b.joinedAt || (a.connectionId < b.connectionId ? -1 : a.connectionId > b.connectionId ? 1 : 0)

/** Of two connections of a user that join at once, the earlier one is the arrival; both, where clocks disagree. */
export const isArrival = (session: Session, roster: readonly Session[]): boolean =>
  !roster.some((other) => other.user === session.user && byArrival(other, session) < 0)
