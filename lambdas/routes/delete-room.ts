import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { deleteRoom as remove } from '../domain/rooms/room-changes.ts'
import { review } from '../domain/sessions/review.ts'
import { pushReview } from '../push/review.ts'
import { route } from '../route.ts'

/** What is left of the room is cleared last, so that a call that was broken off can be repeated until all is gone. */
export const deleteRoom = route(
  frames.deleteRoom,
  async (
    app: App<'rooms' | 'roles' | 'categories' | 'people' | 'sessions' | 'records'>,
    { frame: { roomId }, caller },
  ) => {
    await remove(app, caller, roomId)
    await pushReview(app, await review(app, roomId), 'deleted')
    await app.rooms.deleteLeftovers(roomId)
    return {}
  },
)
