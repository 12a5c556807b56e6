import { referenceOf } from '../../protocol/frames/reference.ts'
import * as frames from '../../protocol/frames.ts'
import { expiryOf, limits } from '../../protocol/limits.ts'
import type { App } from '../app.ts'
import { take } from '../domain/budget/room-rate.ts'
import { newestPage, pageAfter } from '../domain/log/pages.ts'
import { emptyPage } from '../domain/log/placeholder.ts'
import { resolveRoom } from '../domain/rooms/rooms.ts'
import { join as joinRoom } from '../domain/sessions/join.ts'
import { announce } from '../push/announce.ts'
import { participantFrame } from '../replies/encode.ts'
import { joinReply } from '../replies/join.ts'
import { route } from '../route.ts'

export const join = route(
  frames.join,
  async (
    app: App<'rooms' | 'roles' | 'categories' | 'sessions' | 'messages'>,
    { frame, caller, connectionId, connectedAt },
  ) => {
    take(app.joinLimiter, connectionId)
    const roomId = await resolveRoom(app.rooms, app.settings.domain, referenceOf(frame))
    const request = { roomId, connectionId, joinedAt: app.clock.now(), ...expiryOf(connectedAt, caller.exp) }
    const { after, limit } = frame
    const joined = await joinRoom(app, caller, request, limits.roomsPerConnection, ({ logged }) => {
      if (!logged) return emptyPage(app.messages, roomId, after)
      return after === undefined
        ? newestPage(app.messages, roomId, limit ?? limits.joinMessages)
        : pageAfter(app.messages, roomId, after, limit ?? limits.resumeMessages)
    })
    const { session, crowd, arrived } = joined
    const push = { type: 'participant', roomId, event: 'joined', user: participantFrame(session) } as const
    const gone = arrived && !crowd.crowded ? await announce(app, joined.roster, push, connectionId) : []
    const roster = joined.roster.filter((other) => !gone.includes(other))
    return joinReply(app.settings, { ...joined, roster }, after === undefined ? 'newest' : 'oldest')
  },
)
