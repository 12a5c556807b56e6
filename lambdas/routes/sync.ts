import { inLanes } from '../domain/lanes.ts'
import { standingIn } from '../domain/standing.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

/** Which rooms moved since they were last seen. Rooms the caller may not read are left out, as unknown ones are. */
export const sync = route(frames.sync, async (app, { frame, caller, connectionId }) => {
  const joined = new Set(await app.sessions.roomsOf(connectionId))
  const mayRead = async (roomId: string) =>
    joined.has(roomId) || (await standingIn(app, roomId, caller))?.permissions.includes('read')
  const moved: [string, { head: number; floor: number }][] = []
  await inLanes(Object.entries(frame.rooms), async ([roomId, seen]) => {
    if (!(await mayRead(roomId))) return
    const head = (await app.messages.head(roomId))?.seq
    if (head === undefined || head === seen) return
    moved.push([roomId, { head, floor: await app.messages.floor(roomId) }])
  })
  return { rooms: Object.fromEntries(moved) }
})
