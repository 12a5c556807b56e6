import { leave as leaveRoom, requireSession } from '../domain/sessions.ts'
import { announceLeft } from '../gateway/announce.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

export const leave = route(frames.leave, async (app, { frame: { roomId }, connectionId }) => {
  const session = await requireSession(app.sessions, roomId, connectionId)
  await leaveRoom(app.sessions, session, app.pace.now())
  await announceLeft(app, [session], await app.sessions.roster(roomId))
  return {}
})
