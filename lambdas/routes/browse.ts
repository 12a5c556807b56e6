import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { pagingOf } from '../replies/cursor.ts'
import { directoryPage, directoryQuery } from '../replies/directory.ts'
import { route } from '../route.ts'

export const browse = route(
  frames.browse,
  async (app: App<'directory' | 'sessions' | 'invitations' | 'categories'>, { frame, caller }) => {
    const { cursor, limit, ...query } = frame
    const paging = await pagingOf(app, caller, directoryQuery(query), cursor)
    return directoryPage(app, caller, query, limit, paging)
  },
)
