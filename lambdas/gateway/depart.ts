import { inLanes } from '../domain/lanes.ts'
import type { Pace } from '../domain/log.ts'
import { left } from '../domain/record.ts'
import { type Announcer, announceLeft } from './announce.ts'

/** How long a closed connection is remembered, so that whatever of it still runs late finds it closed. */
const tombstoneSeconds = 600

/** Ends a connection for good, and its sessions with it. Running it again finishes what an earlier run left undone. */
export async function depart(app: Announcer & { pace: Pace }, connectionId: string): Promise<void> {
  const forgetAt = Math.ceil(app.pace.now() / 1000) + tombstoneSeconds
  const rooms = await app.sessions.close(connectionId, forgetAt)
  await inLanes(rooms, async (roomId) => {
    const session = await app.sessions.find(roomId, connectionId)
    if (
      !session ||
      !(await app.sessions.end(roomId, connectionId, left(session.user, app.pace.now(), 'disconnected'), 'closed'))
    )
      return
    await announceLeft(app, [session], await app.sessions.roster(roomId))
  })
}
