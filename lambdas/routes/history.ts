import { require, standingIn } from '../domain/standing.ts'
import { historyPage } from '../gateway/history.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

/** Reading needs the right to join, not a session. */
export const history = route(frames.history, async (app, { frame, caller }) => {
  require(await standingIn(app, frame.roomId, caller), 'read')
  return historyPage(app.messages, frame, app.settings.epoch)
})
