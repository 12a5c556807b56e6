import type { Room } from '../rooms/rooms.ts'
import { isListening, type SessionStore } from '../sessions/sessions.ts'
import { loadAccess } from './access.ts'
import type { CategoryStore } from './categories.ts'
import type { GrantStore } from './grants.ts'
import type { Invitation, InvitationStore } from './invitation.ts'
import type { Caller } from './principals.ts'
import { type VisibilityStore, viewerOf, visibleRooms } from './visibility.ts'

export interface VisibleInvitation {
  invitation: Invitation
  room: Room
}

/** What one call looks at. */
const mostExamined = 100

/** Those of the next invitations whose room the caller may still see, and how far that was. */
export async function invitationsAfter(
  stores: { invitations: InvitationStore; directory: VisibilityStore; categories: CategoryStore },
  caller: Caller,
  after: number,
): Promise<{ shown: VisibleInvitation[]; last: number }> {
  const [viewer, next] = await Promise.all([
    viewerOf(stores.categories, caller),
    stores.invitations.list(caller.user, after, mostExamined),
  ])
  const roomIds = [...new Set(next.map(({ roomId }) => roomId))]
  const visible = await visibleRooms(
    stores.directory,
    viewer,
    roomIds.map((roomId) => ({ roomId })),
  )
  const rooms = new Map(visible.map((room) => [room.roomId, room]))
  const shown = next.flatMap((invitation) => {
    const room = rooms.get(invitation.roomId)
    return room ? [{ invitation, room }] : []
  })
  return { shown, last: next.at(-1)?.invitationId ?? after }
}

/**
 * The user's connections that may see the room. The category may deny a group that only a connection's token names, so
 * that not everyone who was granted membership may know of the room.
 */
export async function receiversOf(
  stores: { sessions: SessionStore; roles: GrantStore; categories: CategoryStore },
  { user, roomId }: Invitation,
  now: number,
): Promise<string[]> {
  const open = await stores.sessions.connections(await stores.sessions.connectionsOf(user))
  const connections = open.filter((connection) => isListening(connection, now))
  const standings = await Promise.all(
    connections.map(({ groups }) => loadAccess(stores, roomId, { user, groups, admin: false })),
  )
  return connections.filter((_, at) => standings[at]?.permissions.includes('view')).map((each) => each.connectionId)
}
