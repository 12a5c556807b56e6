import type { ConnectionError } from './errors.ts'

/**
 * - `idle`: before `connect`.
 * - `connecting`: a connection is being made, and the rooms move to it.
 * - `connected`.
 * - `waiting`: for the next attempt, which comes by itself.
 * - `unauthorized`, `misconfigured`, `replaced`: as the ConnectionError of that code; nothing more is tried until
 *   `connect` is called again. Rooms stay joined in this client, and unsent messages are kept for that time.
 * - `closed`: for good.
 */
export type ConnectionState =
  | 'idle'
  | 'connecting'
  | 'connected'
  | 'waiting'
  | 'unauthorized'
  | 'misconfigured'
  | 'replaced'
  | 'closed'

export interface StateChange {
  readonly state: ConnectionState
  /** What went wrong; with `closed` only where the client closed itself. */
  readonly error?: Error
  /** With `waiting`: in how many milliseconds the next attempt is made. */
  readonly retryInMs?: number
}

/** The state of a client that stops with this error; undefined for an error that may pass. */
export function stoppedBy({ code }: ConnectionError): 'unauthorized' | 'misconfigured' | 'replaced' | undefined {
  return code === 'unauthorized' || code === 'misconfigured' || code === 'replaced' ? code : undefined
}
