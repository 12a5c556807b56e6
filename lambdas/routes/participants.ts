import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import type { App } from '../app.ts'
import { participantsOf } from '../domain/sessions/participants.ts'
import { requireReader } from '../domain/sessions/reader.ts'

import { cursorFor, readCursor } from '../replies/cursor.ts'
import { participantFrame } from '../replies/encode.ts'
import { fitInFrame } from '../replies/page.ts'
import { route } from '../route.ts'

/** By user id, so that a page follows the last one whoever came or went in between. */
export const participants = route(
  frames.participants,
  async (app: App<'sessions' | 'roles' | 'categories'>, { frame, caller, connectionId }) => {
    const { roomId, cursor } = frame
    await requireReader(app, roomId, connectionId, caller)
    const question = `participants ${roomId}`
    const last = cursor === undefined ? '' : String(readCursor(cursor, question))
    const present = participantsOf(await app.sessions.roster(roomId))
    const following = present.filter(({ user }) => user > last).sort((a, b) => (a.user < b.user ? -1 : 1))
    const page = fitInFrame(following.map(participantFrame), limits.frameBytes - 2048, 'oldest')
    const end = page.at(-1)
    const more = page.length < following.length && end && { cursor: cursorFor(question, end.user) }
    return { participants: page, participantCount: present.length, ...more }
  },
)
