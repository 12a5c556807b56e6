import { referenceOf } from '../../protocol/frames/reference.ts'
import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { loadAccess, requirePermission } from '../domain/access/access.ts'
import { resolveRoom } from '../domain/rooms/rooms.ts'
import { roomFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

export const getRoom = route(frames.getRoom, async (app: App<'rooms' | 'roles' | 'categories'>, { frame, caller }) => {
  const roomId = await resolveRoom(app.rooms, app.settings.domain, referenceOf(frame))
  const { room, permissions } = requirePermission(await loadAccess(app, roomId, caller), 'view')
  return { room: roomFrame(app.settings.domain, room), permissions }
})
