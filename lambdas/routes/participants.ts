import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { participantsOf } from '../domain/sessions/participants.ts'
import { requireReader } from '../domain/sessions/reader.ts'
import { pagingOf } from '../replies/cursor.ts'
import { participantFrame } from '../replies/encode.ts'
import { pageOf } from '../replies/page.ts'
import { route } from '../route.ts'

/** The reply has pages, sorted by user id, so that pages stay consistent when users join or leave. */
export const participants = route(
  frames.participants,
  async (app: App<'sessions' | 'roles' | 'categories'>, { frame: { roomId, cursor }, caller, connectionId }) => {
    const paging = await pagingOf(app, caller, ['participants', roomId], cursor)
    await requireReader(app, roomId, connectionId, caller)
    const items = participantsOf(await app.sessions.roster(roomId))
    const { page, ...more } = pageOf({ items, id: ({ user }) => user, encode: participantFrame, paging })
    return { participants: page, participantCount: items.length, ...more }
  },
)
