import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { Replaced } from '../domain/errors.ts'
import { findReader } from '../domain/sessions/reader.ts'
import { pushGoawayByAge } from '../push/goaway.ts'
import { fittingBeside } from '../replies/page.ts'
import { route } from '../route.ts'

/**
 * Returns the rooms with new messages. Rooms that the caller may not read are left out, like unknown rooms. Clients
 * send `sync` from time to time, so it also asks old connections to reconnect, and names the rooms in which the
 * connection has no session. This list does not reveal whether a room exists.
 */
export const sync = route(
  frames.sync,
  async (app: App<'sessions' | 'messages' | 'roles' | 'categories'>, { frame, caller, connectionId, connectedAt }) => {
    await pushGoawayByAge(app, connectionId, connectedAt)
    const requested = Object.entries(frame.rooms)
    const joined = requested.length === 0 ? [] : await app.sessions.roomsOf(connectionId)
    if (!joined) throw new Replaced()
    const moved: [string, { head: number; floor: number }][] = []
    await forEachConcurrent(requested, async ([roomId, seen]) => {
      const head = (await app.messages.head(roomId))?.seq
      if (head === undefined || head === seen) return
      const room = await findReader(app, roomId, connectionId, caller)
      if (room) moved.push([roomId, { head, floor: room.logged ? await app.messages.floor(roomId) : head + 1 }])
    })
    const rooms = Object.fromEntries(moved)
    const missing = requested.map(([roomId]) => roomId).filter((roomId) => !joined.includes(roomId))
    const notJoined = fittingBeside(rooms, missing)
    return { rooms, ...(notJoined.length > 0 && { notJoined }) }
  },
)
