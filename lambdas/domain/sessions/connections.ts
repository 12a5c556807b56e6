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

export interface ConnectionStore {
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
}
