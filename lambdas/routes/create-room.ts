import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { createRoom as create } from '../domain/rooms/rooms.ts'
import { roomFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

export const createRoom = route(
  frames.createRoom,
  async (app: App<'rooms' | 'roles' | 'categories' | 'quotas'>, { frame, caller }) => {
    const room = await create(app, caller, frame, app.newId(), app.clock.now())
    return { room: roomFrame(app.settings.domain, room) }
  },
)
