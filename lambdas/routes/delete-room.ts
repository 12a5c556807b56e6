import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { deleteRoom as remove } from '../domain/rooms/room-changes.ts'
import { followedBy } from '../domain/steps.ts'
import { reviewNow } from '../jobs/review.ts'
import { route } from '../route.ts'

export const deleteRoom = route(
  frames.deleteRoom,
  async (
    app: App<'rooms' | 'roles' | 'categories' | 'people' | 'sessions' | 'records' | 'reviews'>,
    { frame: { roomId }, caller },
  ) => {
    await followedBy(
      () => remove(app, caller, roomId),
      () => reviewNow(app, { roomId, reason: 'deleted' }),
    )
    return {}
  },
)
