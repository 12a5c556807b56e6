import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { pagingOf } from '../replies/cursor.ts'
import { suspensionPage } from '../replies/suspensions.ts'
import { route } from '../route.ts'

export const suspended = route(frames.suspended, async (app: App<'suspensions'>, { frame, caller }) => {
  const paging = await pagingOf(app, caller, ['suspended'], frame.cursor)
  requireAdmin(caller)
  return suspensionPage(app.suspensions, app.clock.now(), paging)
})
