import type { Room } from '../room.ts'
import type { CategoryStore } from './categories.ts'
import type { Caller } from './principals.ts'
import type { Invitation, ManyRooms } from './roles.ts'
import { viewerOf, visibleRooms } from './visibility.ts'

export interface VisibleInvitation {
  invitation: Invitation
  room: Room
}

/** The most invitations that one call reads. */
const maxExamined = 100

/**
 * The next invitations to rooms that the caller may still see. `last` is the id of the last invitation that was read.
 */
export async function invitationsAfter(
  stores: { invitations: InvitationStore; directory: ManyRooms; categories: CategoryStore },
  caller: Caller,
  after: number,
): Promise<{ shown: VisibleInvitation[]; last: number }> {
  const [viewer, next] = await Promise.all([
    viewerOf(stores.categories, caller),
    stores.invitations.list(caller.user, after, maxExamined),
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
  /** The user's invitations with an id greater than `after`, in ascending order. */
  list(user: string, after: number, limit: number): Promise<Invitation[]>
  /** Whether the newest `count` invitations of the user were all made after this time. */
  hasSince(user: string, count: number, time: number): Promise<boolean>
}
