import { Refusal } from '../errors.ts'
import type { Room } from '../room.ts'
import { type Category, type CategoryStore, findCategory, inScope } from './categories.ts'
import { type Caller, principalsOf } from './principals.ts'
import type { GrantStore, Role } from './roles.ts'

export type Permission = 'manage' | 'join' | 'chat' | 'read' | 'view'

/** What one person is to one room at one moment. */
export interface RoomAccess {
  room: Room
  /** Nothing only while the category is being taken away. */
  category: Category | undefined
  roles: Role[]
  permissions: Permission[]
  /** Would be let in if the room were not disabled. */
  belongs: boolean
}

type Person = Pick<Caller, 'user' | 'groups' | 'admin'>

/** A presenter has to be a member; the grant outlives a membership that was revoked, and waits for another. */
export const isPresenter = (roles: readonly Role[]): boolean => roles.includes('presenter') && roles.includes('member')

/** The permission matrix of the original system: roles add up, and management alone lets nobody in. */
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

/** Reads room, roles and scope as they are now, or may have been a moment ago; nothing when there is no such room. */
export async function loadAccess(
  stores: { roles: GrantStore; categories: CategoryStore },
  roomId: string,
  person: Person,
  mayLag = false,
): Promise<RoomAccess | undefined> {
  const principals = principalsOf(person)
  const { room, roles } = await stores.roles.held(roomId, principals, mayLag)
  if (!room) return undefined
  const category = await findCategory(stores.categories, room.categoryId)
  const scoped = category !== undefined && inScope(category, principals)
  const belongs = scoped && (roles.length > 0 || room.privacy === 'open')
  return { room, category, roles, belongs, permissions: permissionsOf(room, roles, scoped, person.admin) }
}

/** A room that the caller may not see and a room that is not there are refused alike. */
export function requirePermission(standing: RoomAccess | undefined, permission: Permission): RoomAccess {
  if (!standing) throw unseen()
  if (standing.permissions.includes(permission)) return standing
  const visible = standing.permissions.includes('view')
  if (standing.room.disabled && (visible || standing.belongs)) throw disabled()
  if (!visible) throw unseen()
  throw new Refusal('forbidden', refusals[permission])
}

/** Whoever belongs in a room that was disabled hears why they are not in it; nobody else hears that there is one. */
export async function explainRefusal(
  stores: { roles: GrantStore; categories: CategoryStore },
  roomId: string,
  person: Person,
  refusal: unknown,
): Promise<unknown> {
  if (!(refusal instanceof Refusal && refusal.code === 'not_joined')) return refusal
  const standing = await loadAccess(stores, roomId, person)
  return standing?.room.disabled && standing.belongs ? disabled() : refusal
}

const disabled = () => new Refusal('room_disabled', 'The room is disabled.')

const unseen = () => new Refusal('not_found', 'There is no such room.')

const refusals: Record<Permission, string> = {
  manage: 'Only a manager of the room may do this.',
  join: 'Only a member may join this room.',
  chat: 'Only a presenter may post in an auditorium.',
  read: 'Only a member may read this room.',
  view: 'There is no such room.',
}

/** Whoever may see the room learns that this is not for them; to everyone else it is not there. */
export async function requireModerator(
  stores: { roles: GrantStore; categories: CategoryStore },
  roomId: string,
  caller: Caller,
): Promise<void> {
  requirePermission(await loadAccess(stores, roomId, caller), 'view')
  if (!caller.admin) throw new Refusal('forbidden', 'Only an administrator may do this.')
}
