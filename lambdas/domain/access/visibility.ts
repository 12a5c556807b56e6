import type { Room } from '../room.ts'
import { isFor, permissionsOf } from './access.ts'
import { type CategoryStore, inScope, listCategories } from './categories.ts'
import { roomsWithRole } from './many-rooms.ts'
import { type Caller, type Principal, principalsOf } from './principals.ts'
import type { HeldRole, ManyRooms, Role } from './roles.ts'

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

/** What the viewer must have in a room: a role, and the right to see it or to read it. */
export interface Requirement {
  role?: Role | undefined
  permission?: 'view' | 'read' | undefined
}

/** The candidates that the viewer may see now. Grants are read only where they decide. */
export async function visibleRooms(
  store: ManyRooms,
  viewer: Viewer,
  candidates: readonly Candidate[],
  { role: requiredRole, permission = 'view' }: Requirement = {},
): Promise<Room[]> {
  if (candidates.length === 0) return []
  const rooms = new Map((await store.rooms(candidates.map(({ roomId }) => roomId))).map((room) => [room.roomId, room]))
  const decides = (room: Room) => {
    if (permission === 'read') return room.privacy !== 'open'
    return requiredRole || (!viewer.admin && (room.privacy === 'secret' || room.disabled))
  }
  const undecided = candidates.filter(({ roomId }) => {
    const room = rooms.get(roomId)
    return room && (viewer.admin || viewer.scope.has(room.categoryId)) && decides(room)
  })
  const listed = await firstStanding(
    store,
    undecided.flatMap(({ holdings = [] }) => holdings),
  )
  const unlisted = undecided.flatMap(({ roomId, holdings }) => (holdings ? [] : [roomId]))
  const confirmed = [...listed, ...(await revealingRoles(store, viewer, unlisted, permission))]
  return candidates.flatMap(({ roomId }) => {
    const room = rooms.get(roomId)
    if (!room) return []
    const roles = confirmed.filter((holding) => holding.roomId === roomId).map(({ role }) => role)
    if (requiredRole && !roles.includes(requiredRole)) return []
    const scoped = viewer.scope.has(room.categoryId) && isFor(room, viewer.principals)
    const permissions = permissionsOf(room, roles, scoped, viewer.admin)
    return permissions.includes(permission) ? [room] : []
  })
}

type RoleInRoom = Pick<HeldRole, 'roomId' | 'role'>

/** The roles that stand now. A role that several principals have is read once, unless the first of them lost it. */
async function firstStanding(store: ManyRooms, holdings: readonly HeldRole[]): Promise<RoleInRoom[]> {
  const found = new Map<string, RoleInRoom>()
  const idOf = ({ roomId, role }: RoleInRoom) => `${role} ${roomId}`
  let left = [...holdings]
  while (left.length > 0) {
    const first = new Map(left.toReversed().map((holding) => [idOf(holding), holding]))
    for (const each of await store.standing([...first.values()])) found.set(idOf(each), each)
    left = left.filter((holding) => !found.has(idOf(holding)) && first.get(idOf(holding)) !== holding)
  }
  return [...found.values()]
}

/**
 * The first role that shows each room, for rooms of which no index lists the roles. The right to see a room is decided
 * by the table alone: nobody may miss the room of a new invitation.
 */
async function revealingRoles(
  store: ManyRooms,
  { principals }: Viewer,
  roomIds: readonly string[],
  permission: 'view' | 'read',
): Promise<RoleInRoom[]> {
  const found = new Map<string, RoleInRoom>()
  for (const role of permission === 'read' ? (['member'] as const) : revealing) {
    const left = roomIds.filter((roomId) => !found.has(roomId))
    if (left.length === 0) break
    const held = await roomsWithRole(store, principals, role, left, permission === 'view')
    for (const roomId of held) found.set(roomId, { roomId, role })
  }
  return [...found.values()]
}
