import type { Connection } from '../../lambdas/domain/sessions/connections.ts'
import type { Session, SessionStore } from '../../lambdas/domain/sessions/sessions.ts'
import { fresh } from './ports.ts'

/** Makes the connections and sessions that tests start with. */

export const connectionOf = (connectionId: string, more: Partial<Connection> = {}): Connection => ({
  connectionId,
  user: 'ana',
  name: 'Ana',
  groups: ['ops', 'über/😀'],
  connectedAt: 1_700_000_000_123,
  expiresAt: 1_700_007_500,
  ...more,
})

export const sessionOf = (roomId: string, connectionId: string, more: Partial<Session> = {}): Session => ({
  roomId,
  connectionId,
  user: 'ana',
  name: 'Ana 😀',
  canChat: true,
  isManager: false,
  isPresenter: false,
  logged: true,
  confirmed: true,
  joinedAt: 1_700_000_000_456,
  expiresAt: 1_700_007_500,
  ...more,
})

/** Opens a connection with a new id and returns the id. */
export async function open(sessions: SessionStore, more: Partial<Connection> = {}): Promise<string> {
  const connectionId = fresh('connection')
  await sessions.open(connectionOf(connectionId, more))
  return connectionId
}
