import type { ConnectionError } from './errors.ts'

/**
 * - `idle`: before `connect`.
 * - `connecting`: a connection is being opened, and the rooms move to it.
 * - `connected`.
 * - `waiting`: the client will try again by itself.
 * - `unauthorized`, `misconfigured`, `replaced`, `suspended`: see the ConnectionError of that code. The client does not try again
 *   until `connect` is called. It keeps its rooms and unsent messages until then.
 * - `closed`: final.
 */
export type ConnectionState =
  | 'idle'
  | 'connecting'
  | 'connected'
  | 'waiting'
  | 'unauthorized'
  | 'misconfigured'
  | 'replaced'
  | 'suspended'
  | 'closed'

export interface StateChange {
  readonly state: ConnectionState
  /** Why the client is in this state; with `closed` only if the client closed itself. */
  readonly error?: Error
  /** With `waiting`: milliseconds until the next try. */
  readonly retryInMs?: number
}

/** The codes of errors after which no other try may help. The state of the client has the same name. */
const stopping = ['unauthorized', 'misconfigured', 'replaced', 'suspended'] as const

/** The state of a client that stops with this error; undefined if another try may help. */
export const stoppedBy = ({ code }: ConnectionError): (typeof stopping)[number] | undefined =>
  stopping.find((known) => known === code)
