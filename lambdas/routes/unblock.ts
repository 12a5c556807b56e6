import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { route } from '../route.ts'

export const unblock = route(frames.unblock, async (app: App<'blocks'>, { frame: { user }, caller }) => {
  await app.blocks.remove(caller.user, user)
  return {}
})
