import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { type ReadableRoom, requireReader, requireReaders } from '../domain/sessions/reader.ts'
import { pagingOf } from '../replies/cursor.ts'
import { historyPage } from '../replies/history.ts'
import { isSearch, listQuery, searchEvent } from '../replies/history-query.ts'
import { route } from '../route.ts'

/** Requires the right to join, but no session. It must hold for each requested room. */
export const history = route(
  frames.history,
  async (app: App<'sessions' | 'roles' | 'categories' | 'messages' | 'records'>, { frame, caller, connectionId }) => {
    const { epoch } = app.settings
    const { roomId = '', roomIds, cursor } = frame
    const pagingIn = (of: string) => pagingOf(app, caller, listQuery('history', of, frame), cursor)
    const recordSearch = async (room: ReadableRoom) => {
      if (isSearch(frame)) await app.records.add(room.roomId, searchEvent(caller, app.clock.now(), frame))
    }
    if (!roomIds) {
      const paging = await pagingIn(roomId)
      const room = await requireReader(app, roomId, connectionId, caller)
      await recordSearch(room)
      return { ...(await historyPage(app, room, frame, paging)), epoch }
    }
    const rooms = await requireReaders(app, roomIds, connectionId, caller)
    await Promise.all(rooms.map(recordSearch))
    const pageOf = async (room: ReadableRoom) => {
      const page = await historyPage(app, room, frame, await pagingIn(room.roomId), rooms.length)
      return { roomId: room.roomId, ...page }
    }
    return { rooms: await Promise.all(rooms.map(pageOf)), epoch }
  },
)
