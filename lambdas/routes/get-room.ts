import { referenceOf } from '../../protocol/frames/reference.ts'
import * as frames from '../../protocol/frames.ts'
import { require, standingIn } from '../domain/access/access.ts'
import { resolve } from '../domain/rooms/rooms.ts'
import { roomFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

export const getRoom = route(frames.getRoom, async (app, { frame, caller }) => {
  const roomId = await resolve(app.rooms, app.settings.domain, referenceOf(frame))
  const { room, permissions } = require(await standingIn(app, roomId, caller), 'view')
  return { room: roomFrame(app.settings.domain, room), permissions }
})
