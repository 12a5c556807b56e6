import { inLanes } from '../domain/concurrency.ts'
import type { Pace } from '../domain/log/log.ts'
import { left } from '../domain/record/record.ts'
import { occupant } from '../domain/sessions/sessions.ts'
import { type Announcer, announceEnded } from './announce.ts'

/** How long a closed connection is remembered, so that whatever of it still runs late finds it closed. */
const tombstoneSeconds = 600

/** Ends a connection for good, and its sessions with it. Running it again finishes what an earlier run left undone. */
export async function depart(app: Announcer & { pace: Pace }, connectionId: string): Promise<void> {
  const forgetAt = Math.ceil(app.pace.now() / 1000) + tombstoneSeconds
  const rooms = await app.sessions.close(connectionId, forgetAt)
  await inLanes(rooms, async (roomId) => {
    const session = await occupant(app.sessions, roomId, connectionId)
    if (!session) return
    const line = left(session.user, app.pace.now(), 'disconnected')
    if (await app.sessions.end(roomId, connectionId, line, 'closed')) await announceEnded(app, [session])
  })
}
