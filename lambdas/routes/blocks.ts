import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { pagingOf } from '../replies/cursor.ts'
import { pageOf } from '../replies/page.ts'
import { route } from '../route.ts'

export const blocks = route(frames.blocks, async (app: App<'blocks'>, { frame: { cursor }, caller }) => {
  const paging = await pagingOf(app, caller, ['blocks'], cursor)
  const items = await app.blocks.list(caller.user)
  const { page, ...more } = pageOf({ items, id: (user) => user, encode: (user) => user, paging })
  return { users: page, ...more }
})
