import { inLanes } from '../domain/lanes.ts'
import { standingIn } from '../domain/standing.ts'
import { keepsHistory } from '../domain/unlogged.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

/** Which rooms moved since they were last seen. Rooms the caller may not read are left out, as unknown ones are. */
export const sync = route(frames.sync, async (app, { frame, caller, connectionId }) => {
  const joined = new Set(await app.sessions.roomsOf(connectionId))
  const readable = async (roomId: string) => {
    if (joined.has(roomId)) return app.sessions.find(roomId, connectionId)
    const standing = await standingIn(app, roomId, caller)
    return standing?.permissions.includes('read') ? { logged: keepsHistory(standing.category) } : undefined
  }
  const moved: [string, { head: number; floor: number }][] = []
  await inLanes(Object.entries(frame.rooms), async ([roomId, seen]) => {
    const head = (await app.messages.head(roomId))?.seq
    if (head === undefined || head === seen) return
    const room = await readable(roomId)
    if (room) moved.push([roomId, { head, floor: room.logged ? await app.messages.floor(roomId) : head + 1 }])
  })
  return { rooms: Object.fromEntries(moved) }
})
