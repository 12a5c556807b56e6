import { moveRoom as move } from '../domain/room-life.ts'
import { announceChange } from '../gateway/changed.ts'
import { roomFrame } from '../gateway/encode.ts'
import { fitting } from '../gateway/pages.ts'
import * as frames from '../protocol/frames.ts'
import { limits } from '../protocol/limits.ts'
import { route } from '../route.ts'

export const moveRoom = route(frames.moveRoom, async (app, { frame: { roomId, categoryId }, caller }) => {
  const { purged, ...moved } = await move(app, caller, roomId, categoryId, app.pace.now())
  await announceChange(app, moved, true)
  const named = purged.map(({ role, principal }) => ({ role, principal }))
  return {
    room: roomFrame(app.settings.domain, moved.after),
    purged: fitting(named, limits.frameBytes / 2, 'oldest'),
    purgedCount: purged.length,
  }
})
