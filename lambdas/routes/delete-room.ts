import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { deleteRoom as remove } from '../domain/rooms/room-changes.ts'
import { review } from '../domain/sessions/review.ts'
import { pushReview } from '../push/review.ts'
import { route } from '../route.ts'

/** The grants of the room are deleted last, so that an interrupted call can be repeated until everything is deleted. */
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
