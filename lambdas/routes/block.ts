import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { blockUser } from '../domain/access/blocks.ts'
import { route } from '../route.ts'

export const block = route(frames.block, async (app: App<'blocks'>, { frame: { user }, caller }) => {
  await blockUser(app, caller.user, user, app.clock.now())
  return {}
})
