import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { Refusal } from '../domain/errors.ts'
import { requireReader } from '../domain/sessions/reader.ts'
import { historyPage } from '../replies/history.ts'
import { isSearch, searchEvent } from '../replies/history-query.ts'
import { route } from '../route.ts'

/** Requires the right to join, but no session. It must hold for each requested room. */
export const history = route(
  frames.history,
  async (app: App<'sessions' | 'roles' | 'categories' | 'messages' | 'records'>, { frame, caller, connectionId }) => {
    const { epoch } = app.settings
    const readable = async (roomId: string) => {
      const room = await requireReader(app, roomId, connectionId, caller)
      if (isSearch(frame)) await app.records.add(roomId, searchEvent(caller, app.clock.now(), frame))
      return room
    }
    if (!frame.roomIds) return { ...(await historyPage(app, await readable(frame.roomId ?? ''), frame)), epoch }
    const rooms = await Promise.all(frame.roomIds.map((roomId, at) => withField(`roomIds.${at}`, readable(roomId))))
    const page = async (room: { roomId: string; logged: boolean }) => {
      return { roomId: room.roomId, ...(await historyPage(app, room, frame, rooms.length)) }
    }
    return { rooms: await Promise.all(rooms.map(page)), epoch }
  },
)

/** Adds the field to a refusal, because a frame may name many rooms. */
async function withField<Value>(field: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, details, retryAfterMs } = error
    throw new Refusal(code, message, {
      details: { ...details, field },
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
}
