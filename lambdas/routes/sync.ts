import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { Replaced } from '../domain/errors.ts'
import { movedRooms } from '../domain/sessions/moved-rooms.ts'
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
    const requested = Object.keys(frame.rooms)
    const joined = requested.length === 0 ? [] : await app.sessions.roomsOf(connectionId)
    if (!joined) throw new Replaced()
    const rooms = Object.fromEntries(await movedRooms(app, frame.rooms, joined, connectionId, caller))
    const notJoined = fittingBeside(
      rooms,
      requested.filter((roomId) => !joined.includes(roomId)),
    )
    return { rooms, ...(notJoined.length > 0 && { notJoined }) }
  },
)
