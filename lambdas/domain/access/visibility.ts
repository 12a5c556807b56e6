import type { Room } from '../room.ts'
import { isFor, permissionsOf } from './access.ts'
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
  /** The rooms that exist, as they are now. */
  rooms(roomIds: readonly string[]): Promise<Room[]>
  /** The grants that exist now. */
  standing(holdings: readonly HeldRole[]): Promise<HeldRole[]>
}

/** A caller, with the categories in scope. It is built once and used for many rooms. */
export interface Viewer {
  admin: boolean
  principals: Principal[]
  /** The categories whose scope includes the viewer. */
  scope: ReadonlySet<string>
  /** The categories that may contain visible rooms. */
  categories: string[]
}

export async function viewerOf(store: CategoryStore, caller: Caller): Promise<Viewer> {
  const principals = [...new Set(principalsOf(caller))]
  const listed = await listCategories(store)
  const scoped = listed.filter((category) => inScope(category, principals)).map(({ categoryId }) => categoryId)
  const categories = caller.admin ? listed.map(({ categoryId }) => categoryId) : scoped
  return { admin: caller.admin, principals, scope: new Set(scoped), categories }
}

/**
 * A room that the viewer may be allowed to see. `holdings` are the roles that an index lists for the viewer; without
 * `holdings`, the viewer may have any role.
 */
export interface Candidate {
  roomId: string
  holdings?: HeldRole[]
}

/** The roles that make a hidden room visible. A presenter is also a member. */
const revealing: readonly Role[] = ['member', 'manager']

/** The candidates that the viewer may see now. Grants are read only where they decide. */
export async function visibleRooms(
  store: VisibilityStore,
  viewer: Viewer,
  candidates: readonly Candidate[],
  requiredRole?: Role,
): Promise<Room[]> {
  if (candidates.length === 0) return []
  const rooms = new Map((await store.rooms(candidates.map(({ roomId }) => roomId))).map((room) => [room.roomId, room]))
  const decides = (room: Room) => requiredRole || (!viewer.admin && (room.privacy === 'secret' || room.disabled))
  const unconfirmed = candidates.flatMap(({ roomId, holdings }) => {
    const room = rooms.get(roomId)
    const mayShow = room && (viewer.admin || viewer.scope.has(room.categoryId))
    return mayShow && decides(room) ? (holdings ?? anyHolding(viewer, roomId)) : []
  })
  const confirmed = await store.standing(unconfirmed)
  return candidates.flatMap(({ roomId }) => {
    const room = rooms.get(roomId)
    if (!room) return []
    const roles = confirmed.filter((holding) => holding.roomId === roomId).map(({ role }) => role)
    if (requiredRole && !roles.includes(requiredRole)) return []
    const scoped = viewer.scope.has(room.categoryId) && isFor(room, viewer.principals)
    const permissions = permissionsOf(room, roles, scoped, viewer.admin)
    return permissions.includes('view') ? [room] : []
  })
}

const anyHolding = ({ principals }: Viewer, roomId: string): HeldRole[] =>
  revealing.flatMap((role) => principals.map((principal) => ({ roomId, role, principal })))
