export interface Connection {
  connectionId: string
  user: string
  name: string
  groups: string[]
  /** Milliseconds since 1970. */
  connectedAt: number
  /** The same value as in the sessions of the connection. */
  expiresAt: number
  hearsUntil?: number
}

/** Sorts the oldest first. Connections of one moment are sorted by id, so that all functions close the same ones. */
export const byAge = (a: Connection, b: Connection): number =>
  a.connectedAt - b.connectedAt || (a.connectionId < b.connectionId ? -1 : 1)

/** Whether a session or a connection may still receive pushes. */
export const isListening = ({ expiresAt, hearsUntil }: Pick<Connection, 'expiresAt' | 'hearsUntil'>, nowMs: number) =>
  (hearsUntil ?? expiresAt) > nowMs / 1000

export interface ConnectionStore {
  /** Returns false if the connection was closed before this call. */
  open(connection: Connection): Promise<boolean>
  /**
   * Marks the connection as closed and returns the rooms that it had joined. A repeated call returns the same rooms.
   * `forgetAt` is in seconds since 1970.
   */
  close(connectionId: string, forgetAt: number): Promise<string[]>
  /** The open connections among these ids. */
  connections(connectionIds: readonly string[]): Promise<Connection[]>
  /** The ids of the user's open connections, oldest first. The result may be slightly old. */
  connectionsOf(user: string): Promise<string[]>
  /**
   * The ids of the user's oldest open connections, as many as exceed `most`. This connection is counted. The result may
   * be slightly old.
   */
  surplusOf(user: string, most: number, connectionId: string): Promise<string[]>
  /**
   * The rooms in which the connection has a session, confirmed or not, read with strong consistency. Empty for an
   * unknown connection, undefined for a closed one.
   */
  roomsOf(connectionId: string): Promise<string[] | undefined>
}
