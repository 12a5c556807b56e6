import { Refusal } from '../errors.ts'
import type { Room } from '../room.ts'
import { builtInCategory, type Category, type CategoryStore, findCategory, inScope } from './categories.ts'
import { areGuests, type Caller, type Principal, principalsOf } from './principals.ts'
import type { GrantStore, Role } from './roles.ts'

export type Permission = 'manage' | 'join' | 'chat' | 'read' | 'view'

/** A user's roles and permissions in a room, as read now. */
export interface RoomAccess {
  room: Room
  /** Undefined only while the category is being deleted. */
  category: Category | undefined
  roles: Role[]
  permissions: Permission[]
  /** The user could join if the room were not disabled. */
  belongs: boolean
}

type Person = Pick<Caller, 'user' | 'groups' | 'admin'>

/**
 * A presenter must also be a member. The grant remains when the membership is revoked, and counts again when the user
 * becomes a member again.
 */
export const isPresenter = (roles: readonly Role[]): boolean => roles.includes('presenter') && roles.includes('member')

/**
 * The permission matrix of the original system. The permissions of all roles are added. A manager without another role
 * cannot join.
 */
export function permissionsOf(room: Room, roles: readonly Role[], scoped: boolean, admin: boolean): Permission[] {
  const manage = admin || (scoped && roles.includes('manager'))
  const join = scoped && !room.disabled && (roles.includes('member') || room.privacy === 'open')
  const chat = join && (!room.auditorium || isPresenter(roles))
  const view = manage || join || (scoped && !room.disabled && room.privacy !== 'secret')
  const held: [Permission, boolean][] = [
    ['manage', manage],
    ['join', join],
    ['chat', chat],
    ['read', join],
    ['view', view],
  ]
  return held.flatMap(([permission, holds]) => (holds ? [permission] : []))
}

/** A category applies to all its rooms; for guests, only to the open ones. */
export const isFor = (room: Room, principals: readonly Principal[]): boolean =>
  room.privacy === 'open' || !areGuests(principals)

/** Whether a room is in the scope of these principals: by its category, if that exists, and by itself. */
export const isInScope = (room: Room, category: Category | undefined, principals: readonly Principal[]): boolean =>
  category !== undefined && inScope(category, principals) && isFor(room, principals)

/**
 * Reads the room, the roles and the scope. With `mayLag`, the result may be slightly old. Returns undefined if the room
 * does not exist.
 */
export async function loadAccess(
  stores: { roles: GrantStore; categories: CategoryStore },
  roomId: string,
  person: Person,
  mayLag = false,
): Promise<RoomAccess | undefined> {
  const principals = principalsOf(person)
  const { room, roles } = await stores.roles.held(roomId, principals, mayLag)
  // For a missing room the same calls are made, or the time would show which hidden rooms exist.
  const category = await findCategory(stores.categories, room?.categoryId ?? builtInCategory.categoryId)
  if (!room) return undefined
  const scoped = isInScope(room, category, principals)
  const belongs = scoped && (roles.length > 0 || room.privacy === 'open')
  return { room, category, roles, belongs, permissions: permissionsOf(room, roles, scoped, person.admin) }
}

/**
 * Throws `not_found` both for a missing room and for a room that the caller may not see, `room_disabled` if the user
 * belongs to a disabled room, and otherwise `forbidden`.
 */
export function requirePermission(access: RoomAccess | undefined, permission: Permission): RoomAccess {
  if (!access) throw notFound()
  if (access.permissions.includes(permission)) return access
  const visible = access.permissions.includes('view')
  if (access.room.disabled && (visible || access.belongs)) throw disabled()
  if (!visible) throw notFound()
  throw new Refusal('forbidden', refusals[permission])
}

/** A user who belongs to a disabled room learns that it is disabled. Other users cannot learn that the room exists. */
export async function explainRefusal(
  stores: { roles: GrantStore; categories: CategoryStore },
  roomId: string,
  person: Person,
  refusal: unknown,
): Promise<unknown> {
  if (!(refusal instanceof Refusal && refusal.code === 'not_joined')) return refusal
  const access = await loadAccess(stores, roomId, person)
  return access?.room.disabled && access.belongs ? disabled() : refusal
}

const disabled = () => new Refusal('room_disabled', 'The room is disabled.')

const notFound = () => new Refusal('not_found', 'There is no such room.')

const refusals: Record<Permission, string> = {
  manage: 'Only a manager of the room may do this.',
  join: 'Only a member may join this room.',
  chat: 'Only a presenter may post in an auditorium.',
  read: 'Only a member may read this room.',
  view: 'There is no such room.',
}

/**
 * Requires an administrator. Throws `forbidden` for other users who may see the room, and `not_found` for all others.
 */
export async function requireModerator(
  stores: { roles: GrantStore; categories: CategoryStore },
  roomId: string,
  caller: Caller,
): Promise<void> {
  requirePermission(await loadAccess(stores, roomId, caller), 'view')
  if (!caller.admin) throw new Refusal('forbidden', 'Only an administrator may do this.')
}
