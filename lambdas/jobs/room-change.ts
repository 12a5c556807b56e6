import type { RoomChange } from '../domain/rooms/room-changes.ts'
import { announce } from '../push/announce.ts'
import { roomPush } from '../push/room-change.ts'
import { type ReviewPorts, reviewNow } from './review.ts'

/** Announces a change of a room to its sessions. If rights may have changed, it reviews the sessions first. */
export async function pushRoomChange(app: ReviewPorts, change: RoomChange, rights: boolean): Promise<void> {
  const { roomId, disabled } = change.after
  const push = roomPush(change)
  if (rights) await reviewNow(app, { roomId, reason: disabled ? 'disabled' : 'revoked', ...(push && { push }) })
  else if (push) await announce(app, await app.sessions.roster(roomId), push)
}
