import * as frames from '../../protocol/frames.ts'
import { removeRoom } from '../domain/rooms/room-changes.ts'
import { review } from '../domain/sessions/review.ts'
import { announceReview } from '../push/review.ts'
import { route } from '../route.ts'

/** What is left of the room is cleared last, so that a call that was broken off can be repeated until all is gone. */
export const deleteRoom = route(frames.deleteRoom, async (app, { frame: { roomId }, caller }) => {
  await removeRoom(app, caller, roomId)
  await announceReview(app, await review(app, roomId), 'deleted')
  await app.rooms.clear(roomId)
  return {}
})
