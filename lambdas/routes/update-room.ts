import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { updateRoom as update } from '../domain/rooms/room-changes.ts'
import { followedBy, raise } from '../domain/steps.ts'
import { reviewNow } from '../jobs/review.ts'
import { pushRoomChange } from '../jobs/room-change.ts'
import { announceInvitations } from '../push/invitations.ts'
import { roomFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

type Changing = 'rooms' | 'roles' | 'categories' | 'people' | 'sessions' | 'records' | 'reviews'
type Granting = 'quotas' | 'blocks' | 'invitations'

/**
 * Settings and lists that affect rights are reviewed even if they do not change, because an earlier call may have been
 * interrupted before its review.
 */
export const updateRoom = route(frames.updateRoom, async (app: App<Changing | Granting>, { frame, caller }) => {
  const { roomId, version, members: member, managers: manager, presenters: presenter, ...change } = frame
  const lists = { member, manager, presenter }
  const { privacy, auditorium, disabled } = change
  const rights = [privacy, auditorium, disabled, member, manager, presenter].some((setting) => setting !== undefined)
  const changed = await followedBy(
    () => update(app, caller, roomId, version, change, lists, app.clock.now()),
    async (done) => raise(done?.failure),
    async (done) => {
      if (done) await pushRoomChange(app, done, rights)
      else if (rights) await reviewNow(app, { roomId, reason: 'revoked' })
    },
    async (done) => done && announceInvitations(app, done.after, done.invitations),
  )
  return { room: roomFrame(app.settings.domain, changed.after) }
})
