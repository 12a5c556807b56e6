import type { Room } from '../room.ts'
import { permissionsOf } from './access.ts'
import { type CategoryStore, inScope, listCategories } from './categories.ts'
import { type Caller, type Principal, principalsOf } from './principals.ts'
import type { Role } from './roles.ts'

/** A role that a principal holds in a room. */
export interface HeldRole {
  roomId: string
  role: Role
  principal: Principal
}

export interface VisibilityStore {
  /** Those of the rooms that exist, as they are now. */
  rooms(roomIds: readonly string[]): Promise<Room[]>
  /** Those of the holdings that stand now. */
  standing(holdings: readonly HeldRole[]): Promise<HeldRole[]>
}

/** A caller in front of many rooms: scope is settled once for all of them. */
export interface Viewer {
  admin: boolean
  principals: Principal[]
  /** Categories whose scope the viewer is in. */
  scope: ReadonlySet<string>
  /** Categories in which there may be anything to see. */
  categories: string[]
}

export async function viewerOf(store: CategoryStore, caller: Caller): Promise<Viewer> {
  const principals = [...new Set(principalsOf(caller))]
  const listed = await listCategories(store)
  const scoped = listed.filter((category) => inScope(category, principals)).map(({ categoryId }) => categoryId)
  const categories = caller.admin ? listed.map(({ categoryId }) => categoryId) : scoped
  return { admin: caller.admin, principals, scope: new Set(scoped), categories }
}

/** A room that there may be something to see of, with what the viewer is said to hold in it; unsaid, it may be anything. */
export interface Candidate {
  roomId: string
  holdings?: HeldRole[]
}

/** Roles that let somebody see a room which others do not. Whoever presents is a member as well. */
const revealing: readonly Role[] = ['member', 'manager']

/** Those of the candidates that the viewer may see at this moment. Grants are read only where they decide. */
export async function visibleRooms(
  store: VisibilityStore,
  viewer: Viewer,
  candidates: readonly Candidate[],
  asked?: Role,
): Promise<Room[]> {
  if (candidates.length === 0) return []
  const rooms = new Map((await store.rooms(candidates.map(({ roomId }) => roomId))).map((room) => [room.roomId, room]))
  const decides = (room: Room) => asked || (!viewer.admin && (room.privacy === 'secret' || room.disabled))
  const claims = candidates.flatMap(({ roomId, holdings }) => {
    const room = rooms.get(roomId)
    const mayShow = room && (viewer.admin || viewer.scope.has(room.categoryId))
    return mayShow && decides(room) ? (holdings ?? anyHolding(viewer, roomId)) : []
  })
  const standing = await store.standing(claims)
  return candidates.flatMap(({ roomId }) => {
    const room = rooms.get(roomId)
    if (!room) return []
    const roles = standing.filter((holding) => holding.roomId === roomId).map(({ role }) => role)
    if (asked && !roles.includes(asked)) return []
    const permissions = permissionsOf(room, roles, viewer.scope.has(room.categoryId), viewer.admin)
    return permissions.includes('view') ? [room] : []
  })
}

const anyHolding = ({ principals }: Viewer, roomId: string): HeldRole[] =>
  revealing.flatMap((role) => principals.map((principal) => ({ roomId, role, principal })))
