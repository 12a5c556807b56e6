import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { leftEvent } from '../domain/record/record.ts'
import { sessionOn } from '../domain/sessions/sessions.ts'
import { announceEnded, type PushPorts } from './announce.ts'

/** A closed connection is kept for this time, so that late calls on it find it closed. */
const closedMarkSeconds = 600

/** Closes a connection and ends its sessions. A second run completes an interrupted one. */
export async function closeConnection(app: PushPorts & { clock: Clock & Random }, connectionId: string): Promise<void> {
  const forgetAt = Math.ceil(app.clock.now() / 1000) + closedMarkSeconds
  const rooms = await app.sessions.close(connectionId, forgetAt)
  await forEachConcurrent(rooms, async (roomId) => {
    const session = await sessionOn(app.sessions, roomId, connectionId)
    if (!session) return
    const line = leftEvent(session.user, app.clock.now(), 'disconnected')
    if (await app.sessions.end(roomId, connectionId, line, 'closed')) await announceEnded(app, [session])
  })
}
