import { createRoom as create } from '../domain/rooms.ts'
import { roomFrame } from '../gateway/encode.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

export const createRoom = route(frames.createRoom, async (app, { frame, caller }) => {
  const room = await create(app, caller, frame, app.newId(), app.pace.now())
  return { room: roomFrame(app.settings.domain, room) }
})
