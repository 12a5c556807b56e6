import type { CategoryStore } from '../domain/access/categories.ts'
import type { GrantStore } from '../domain/access/roles.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { differencesOf, type RoomChange } from '../domain/rooms/room-changes.ts'
import type { RoomStore } from '../domain/rooms/rooms.ts'
import { review } from '../domain/sessions/review.ts'
import { announce, type PushPorts } from './announce.ts'
import { pushReview } from './review.ts'

type Reviewer = PushPorts & { roles: GrantStore; categories: CategoryStore }

/** Announces a change of a room to its sessions. If rights may have changed, it reviews the sessions first. */
export async function pushRoomChange(app: Reviewer, { before, after }: RoomChange, rights: boolean): Promise<void> {
  const { roomId, version, disabled } = after
  const reviewed = rights ? await review(app, roomId) : undefined
  if (reviewed) await pushReview(app, reviewed, disabled ? 'disabled' : 'revoked')
  if (version === before.version) return
  const roster = reviewed?.roster ?? (await app.sessions.roster(roomId))
  await announce(app, roster, { type: 'room', roomId, version, changed: differencesOf(before, after) })
}

/** Reviews the sessions in all rooms of a category after a change of the category. */
export async function reviewCategory(app: Reviewer & { rooms: RoomStore }, categoryId: string): Promise<void> {
  await forEachConcurrent(await app.rooms.inCategory(categoryId), async (roomId) => {
    await pushReview(app, await review(app, roomId), 'revoked')
  })
}
