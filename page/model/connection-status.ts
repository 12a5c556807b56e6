import { ConnectionError, type ConnectionState, type StateChange } from '../../client/index.ts'

export interface ConnectionInput {
  readonly connection: StateChange
  readonly network: { readonly isCut: boolean; readonly isUp: boolean }
}

export interface ConnectionStatus {
  readonly status: 'good' | 'busy' | 'bad'
  readonly text: string
  /** The client waits before the next try, which the user may start at once. */
  readonly isWaiting: boolean
}

/** A notice has the details, see connection-notice.tsx. */
const stoppedTexts: Partial<Record<ConnectionState, string>> = {
  unauthorized: 'Not signed in',
  misconfigured: 'No connection',
  replaced: 'Stopped',
  suspended: 'Suspended',
  closed: 'Closed',
}

/** Whether the user has to do something before there can be a connection. */
export const isStopped = ({ state, error }: StateChange): boolean =>
  state === 'unauthorized' ||
  state === 'misconfigured' ||
  state === 'replaced' ||
  state === 'suspended' ||
  (state === 'closed' && error !== undefined)

/** A refused token is tried again within a second, so for the user that still belongs to connecting. */
const isWaiting = ({ state, error }: StateChange): boolean =>
  state === 'waiting' && !(error instanceof ConnectionError && error.code === 'unauthorized')

/** The state of the connection in a few words; `seconds` is the time until the next try. */
export function connectionStatus({ connection, network }: ConnectionInput, seconds: number): ConnectionStatus {
  const waits = isWaiting(connection) && network.isUp
  const of = (status: ConnectionStatus['status'], text: string) => ({ status, text, isWaiting: waits })
  if (connection.state === 'connected') return of('good', 'Connected')
  const stopped = stoppedTexts[connection.state]
  if (stopped !== undefined) return of('bad', stopped)
  if (network.isCut) return of('bad', 'Offline: the network is cut')
  if (!network.isUp) return of('bad', 'Offline')
  if (!waits) return of('busy', 'Connecting …')
  return of('busy', seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting …')
}

/** The text that is shown until the rooms of the last visit are joined. */
export function loadingText({ connection, network }: ConnectionInput): string {
  if (!network.isUp) return 'There is no network. This page continues when it is back.'
  return isWaiting(connection) ? 'The chat cannot be reached. This page keeps trying.' : 'Connecting …'
}
