import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { leave as leaveRoom } from '../domain/sessions/sessions.ts'
import { announceEnded } from '../push/announce.ts'
import { route } from '../route.ts'

export const leave = route(frames.leave, async (app: App<'sessions'>, { frame: { roomId }, connectionId }) => {
  const session = await leaveRoom(app.sessions, roomId, connectionId, app.clock.now())
  await announceEnded(app, [session])
  return {}
})
