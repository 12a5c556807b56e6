import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { updateRoom as update } from '../domain/rooms/room-changes.ts'
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
  const changed = await update(app, caller, roomId, version, change, lists, app.clock.now())
  const { privacy, auditorium, disabled } = change
  const rightSettings = [privacy, auditorium, disabled, member, manager, presenter]
  await pushRoomChange(
    app,
    changed,
    rightSettings.some((setting) => setting !== undefined),
  )
  await announceInvitations(app, changed.after, changed.invitations)
  return { room: roomFrame(app.settings.domain, changed.after) }
})
