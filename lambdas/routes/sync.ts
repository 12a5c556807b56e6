import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { Replaced } from '../domain/errors.ts'
import { findReader } from '../domain/sessions/reader.ts'
import { pushGoawayByAge } from '../push/goaway.ts'
import { fittingBeside } from '../replies/page.ts'
import { route } from '../route.ts'

/**
 * Which rooms moved since they were last seen. Rooms the caller may not read are left out, as unknown ones are. Clients
 * ask now and then, so an old connection is told here to move, and a client learns in which rooms it has lost its
 * session. The latter does not tell whether there is such a room.
 */
export const sync = route(
  frames.sync,
  async (app: App<'sessions' | 'messages' | 'roles' | 'categories'>, { frame, caller, connectionId, connectedAt }) => {
    await pushGoawayByAge(app, connectionId, connectedAt)
    const asked = Object.entries(frame.rooms)
    const joined = asked.length === 0 ? [] : await app.sessions.roomsOf(connectionId)
    if (!joined) throw new Replaced()
    const moved: [string, { head: number; floor: number }][] = []
    await forEachConcurrent(asked, async ([roomId, seen]) => {
      const head = (await app.messages.head(roomId))?.seq
      if (head === undefined || head === seen) return
      const room = await findReader(app, roomId, connectionId, caller)
      if (room) moved.push([roomId, { head, floor: room.logged ? await app.messages.floor(roomId) : head + 1 }])
    })
    const rooms = Object.fromEntries(moved)
    const missing = asked.map(([roomId]) => roomId).filter((roomId) => !joined.includes(roomId))
    const notJoined = fittingBeside(rooms, missing)
    return { rooms, ...(notJoined.length > 0 && { notJoined }) }
  },
)
