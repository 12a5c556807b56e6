import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import type { App } from '../app.ts'
import { moveRoom as move } from '../domain/rooms/room-changes.ts'
import { followedBy, raise } from '../domain/steps.ts'
import { reviewNow } from '../jobs/review.ts'
import { pushRoomChange } from '../jobs/room-change.ts'
import { roomFrame } from '../replies/encode.ts'
import { fitInFrame } from '../replies/page.ts'
import { route } from '../route.ts'

export const moveRoom = route(
  frames.moveRoom,
  async (
    app: App<'rooms' | 'roles' | 'categories' | 'people' | 'sessions' | 'records' | 'reviews'>,
    { frame: { roomId, categoryId }, caller },
  ) => {
    const { purged, ...moved } = await followedBy(
      () => move(app, caller, roomId, categoryId, app.clock.now()),
      async (done) => raise(done?.failure),
      (done) => (done ? pushRoomChange(app, done, true) : reviewNow(app, { roomId, reason: 'revoked' })),
    )
    const named = purged.map(({ role, principal }) => ({ role, principal }))
    return {
      room: roomFrame(app.settings.domain, moved.after),
      purged: fitInFrame(named, limits.frameBytes / 2, 'oldest'),
      purgedCount: purged.length,
    }
  },
)
