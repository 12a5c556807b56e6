import type { Room } from '../room.ts'
import type { CategoryStore } from './categories.ts'
import type { Caller } from './principals.ts'
import type { Invitation } from './roles.ts'
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

export interface InvitationStore {
  /** The user's invitations behind a number, ascending. */
  list(user: string, after: number, limit: number): Promise<Invitation[]>
}
