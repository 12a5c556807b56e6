import type { Push } from '../../protocol/wire.ts'
import type { CategoryStore } from '../domain/access/categories.ts'
import type { GrantStore } from '../domain/access/grants.ts'
import type { Invitation } from '../domain/access/invitation.ts'
import { receiversOf } from '../domain/access/invitations.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { Room } from '../domain/rooms/rooms.ts'
import { invitationFrame } from '../replies/encode.ts'
import type { PushPorts } from './announce.ts'

interface InvitationPorts extends PushPorts {
  roles: GrantStore
  categories: CategoryStore
  settings: { domain: string }
}

/** Tells the invited who are connected; all others find their invitations when they ask. */
export async function announceInvitations(
  app: InvitationPorts,
  room: Room,
  invitations: readonly Invitation[],
): Promise<void> {
  await forEachConcurrent(invitations, async (invitation) => {
    const push: Push = { type: 'invitation', ...invitationFrame(app.settings.domain, { invitation, room }) }
    const frame = JSON.stringify(push)
    await Promise.all(
      (await receiversOf(app, invitation, app.clock.now())).map((id) => app.connections.post(id, frame)),
    )
  })
}
