import type { Room } from '../room.ts'
import { isInScope, permissionsOf } from './access.ts'
import { builtInCategory, type CategoryStore, findCategories, keepsHistory } from './categories.ts'
import { type Caller, isUser, type Principal, principalsOf } from './principals.ts'
import type { ManyRooms, Role } from './roles.ts'

/**
 * The rooms in which one of the principals holds the role now. Where the index lists the user, the user's own grant is
 * read; elsewhere the grants of groups are: one read for each room. A new grant to the user may take effect a moment
 * later. Without the index (`exact`) the user's own grant is read everywhere, and the others where it is missing.
 */
export async function roomsWithRole(
  store: ManyRooms,
  principals: readonly Principal[],
  role: Role,
  roomIds: readonly string[],
  exact = false,
): Promise<Set<string>> {
  const user = principals.find(isUser)
  const groups = principals.filter((principal) => !isUser(principal))
  const listed = new Set(user === undefined || exact ? roomIds : await store.listed(user, role, roomIds))
  const own = user === undefined ? [] : [...listed].map((roomId) => ({ roomId, role, principal: user }))
  const unlisted = roomIds.filter((roomId) => !listed.has(roomId))
  const [standing, held] = await Promise.all([store.standing(own), store.heldByGroups(unlisted, role, groups)])
  const found = new Set([...standing.map(({ roomId }) => roomId), ...held])
  const left = [...listed].filter((roomId) => !found.has(roomId))
  for (const roomId of await store.heldByGroups(left, role, groups)) found.add(roomId)
  return found
}

/**
 * The rooms among these that a person may read. The calls do not show whether another room exists: a missing one is
 * looked up like a hidden room of the built-in category.
 */
export async function readableRooms(
  stores: { roles: ManyRooms; categories: CategoryStore },
  roomIds: readonly string[],
  person: Pick<Caller, 'user' | 'groups'>,
): Promise<{ roomId: string; logged: boolean }[]> {
  if (roomIds.length === 0) return []
  const principals = principalsOf(person)
  const rooms = await stores.roles.rooms(roomIds)
  const missing = rooms.length < roomIds.length ? [builtInCategory.categoryId] : []
  const categoryIds = rooms.map(({ categoryId }) => categoryId)
  const categories = await findCategories(stores.categories, [...categoryIds, ...missing])
  const mayRead = (room: Room, roles: Role[]) => {
    const scoped = isInScope(room, categories.get(room.categoryId), principals)
    return permissionsOf(room, roles, scoped, false).includes('read')
  }
  const open = new Set(rooms.filter((room) => mayRead(room, [])).map(({ roomId }) => roomId))
  const others = roomIds.filter((roomId) => !open.has(roomId))
  const members = others.length > 0 ? await roomsWithRole(stores.roles, principals, 'member', others) : new Set()
  return rooms
    .filter((room) => mayRead(room, members.has(room.roomId) ? ['member'] : []))
    .map(({ roomId, categoryId }) => ({ roomId, logged: keepsHistory(categories.get(categoryId)) }))
}
