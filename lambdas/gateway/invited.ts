import type { CategoryStore } from '../domain/categories.ts'
import type { Invitation } from '../domain/invitations.ts'
import { receiversOf } from '../domain/invited.ts'
import { inLanes } from '../domain/lanes.ts'
import type { RoleStore } from '../domain/roles.ts'
import type { Room } from '../domain/rooms.ts'
import type { Push } from '../protocol/wire.ts'
import type { Announcer } from './announce.ts'
import { invitationFrame } from './encode.ts'

interface Inviter extends Announcer {
  roles: RoleStore
  categories: CategoryStore
  settings: { domain: string }
}

/** Tells the invited who are connected; all others find their invitations when they ask. */
export async function announceInvitations(app: Inviter, room: Room, invitations: readonly Invitation[]): Promise<void> {
  await inLanes(invitations, async (invitation) => {
    const push: Push = { type: 'invitation', ...invitationFrame(app.settings.domain, { invitation, room }) }
    const frame = JSON.stringify(push)
    await Promise.all((await receiversOf(app, invitation, app.pace.now())).map((id) => app.connections.post(id, frame)))
  })
}
