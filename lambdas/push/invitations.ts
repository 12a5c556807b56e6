import type { Push } from '../../protocol/wire.ts'
import { loadAccess } from '../domain/access/access.ts'
import type { CategoryStore } from '../domain/access/categories.ts'
import type { GrantStore, Invitation } from '../domain/access/roles.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { Room } from '../domain/room.ts'
import { isListening } from '../domain/sessions/connections.ts'
import type { SessionStore } from '../domain/sessions/sessions.ts'

import { invitationFrame } from '../replies/encode.ts'
import type { PushPorts } from './announce.ts'

interface InvitationPorts extends PushPorts {
  roles: GrantStore
  categories: CategoryStore
  settings: { domain: string }
}

/** Pushes invitations to the connected users. Other users find them by the verb `invitations`. */
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

/**
 * The user's connections that may see the room. The connections may have tokens with different groups, and the category
 * may deny one of the groups.
 */
export async function receiversOf(
  stores: { sessions: SessionStore; roles: GrantStore; categories: CategoryStore },
  { user, roomId }: Invitation,
  now: number,
): Promise<string[]> {
  const open = await stores.sessions.connections(await stores.sessions.connectionsOf(user))
  const connections = open.filter((connection) => isListening(connection, now))
  const accesses = await Promise.all(
    connections.map(({ groups }) => loadAccess(stores, roomId, { user, groups, admin: false })),
  )
  return connections.filter((_, at) => accesses[at]?.permissions.includes('view')).map((each) => each.connectionId)
}
