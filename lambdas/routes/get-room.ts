import { resolve } from '../domain/rooms.ts'
import { require, standingIn } from '../domain/standing.ts'
import { roomFrame } from '../gateway/encode.ts'
import * as frames from '../protocol/frames.ts'
import { referenceOf } from '../protocol/reference.ts'
import { route } from '../route.ts'

export const getRoom = route(frames.getRoom, async (app, { frame, caller }) => {
  const roomId = await resolve(app.rooms, app.settings.domain, referenceOf(frame))
  const { room, permissions } = require(await standingIn(app, roomId, caller), 'view')
  return { room: roomFrame(app.settings.domain, room), permissions }
})
