import { loadAccess, requirePermission } from '../access/access.ts'
import { type CategoryStore, findCategory, noCategory, requireCreator } from '../access/categories.ts'
import type { GrantPorts } from '../access/grant-limits.ts'
import { grantEvent } from '../access/grants.ts'
import type { Caller } from '../access/principals.ts'
import type { Invitation } from '../access/roles.ts'
import { type Grant, type GrantStore, type Role, roles } from '../access/roles.ts'
import { outOfScope } from '../access/scope.ts'
import type { Clock } from '../clock.ts'
import { Refusal } from '../errors.ts'
import type { ProfileStore } from '../people/profiles.ts'
import { deletedRooms, type RecordStore } from '../record/record.ts'
import type { Room } from '../room.ts'
import {
  applyLists,
  grantsIn,
  listChanges,
  type RoleListStore,
  type RoleLists,
  requireChanges,
  requireLists,
} from './role-lists.ts'
import { nameTaken, type RoomStore } from './rooms.ts'

type Stores = {
  rooms: RoomStore & RoleListStore
  roles: GrantStore
  categories: CategoryStore
  people: ProfileStore
  records: RecordStore
}

type Setting = 'name' | 'description' | 'privacy' | 'auditorium' | 'invitations' | 'disabled'

/** The settings to change. A setting that is left out stays. */
export type RoomUpdate = { [Each in Setting]?: Room[Each] | undefined }

export interface RoomChange {
  before: Room
  after: Room
}

export interface Updated extends RoomChange {
  invitations: Invitation[]
}

/**
 * Changes settings and role lists of a room. It stores the settings first and compares the version, so that one of two
 * concurrent changes is refused before it has an effect. The lists follow under the new version. A caller may repeat an
 * interrupted call to complete it.
 */
export async function updateRoom(
  stores: Stores & GrantPorts,
  caller: Caller,
  roomId: string,
  version: number,
  change: RoomUpdate,
  lists: RoleLists,
  now: number,
): Promise<Updated> {
  const { room: before } = requirePermission(await loadAccess(stores, roomId, caller), 'manage')
  if (before.version !== version) throw versionConflict(before)
  const settings = { ...before, ...settingsOf(before, change) }
  await requireLists(stores, settings, lists)
  const changes = await listChanges(stores.roles, roomId, lists, { createdAt: now, createdBy: caller.user })
  const isChanged = Object.keys(differencesOf(before, settings)).length > 0 || changes.length > 0
  if (!isChanged) return { before, after: before, invitations: [] }
  await requireChanges(stores, caller, settings, changes, now)
  const changedLists = roles.filter((role) => lists[role])
  const after = await replace(stores.rooms, before, settings, caller, now, changedLists)
  return { before, after, invitations: await applyLists(stores, after, lists) }
}

const purgedAtOnce = 100

/**
 * Moves a room to another category and revokes the grants that this category does not allow. A caller may repeat an
 * interrupted call to complete it.
 */
export async function moveRoom(
  stores: Stores,
  caller: Caller,
  roomId: string,
  categoryId: string,
  now: number,
): Promise<RoomChange & { purged: Grant[] }> {
  const { room: before } = requirePermission(await loadAccess(stores, roomId, caller), 'manage')
  const target = requireCreator(await findCategory(stores.categories, categoryId), caller)
  const moves = before.categoryId !== categoryId
  const after = moves ? await replace(stores.rooms, before, { ...before, categoryId }, caller, now) : before
  const grants = await grantsIn(stores.roles, roomId, undefined)
  const holders = [...new Set(grants.map(({ principal }) => principal))]
  const outside = new Set(await outOfScope(stores.people, target, holders))
  const purged = grants.filter(({ principal }) => outside.has(principal))
  for (const role of roles) {
    const holding = purged.filter((grant) => grant.role === role).map(({ principal }) => principal)
    const audit = { createdAt: now, createdBy: caller.user }
    for (let at = 0; at < holding.length; at += purgedAtOnce) {
      const principals = holding.slice(at, at + purgedAtOnce)
      await stores.records.add(roomId, grantEvent('revoked', role, principals, audit))
      await stores.roles.revoke(roomId, role, principals)
    }
  }
  return { before, after, purged }
}

/** When this returns, the room cannot be joined or read. Its sessions and grants are still to be deleted. */
export async function deleteRoom(
  stores: Stores & { clock: Pick<Clock, 'now'> },
  caller: Caller,
  roomId: string,
): Promise<void> {
  if (!caller.admin) {
    requirePermission(await loadAccess(stores, roomId, caller), 'view')
    throw new Refusal('forbidden', 'Only an administrator may delete a room.')
  }
  const room = await stores.rooms.find(roomId)
  if (!room && !(await stores.rooms.isRemoved(roomId))) throw noRoom()
  if (!room) return
  // A room that was deleted is found by its line, so the line comes first.
  const details = { roomId, name: room.name, categoryId: room.categoryId }
  const line = { at: stores.clock.now(), event: 'deleted', by: caller.user, details } as const
  await stores.records.addAdministrative(line)
  await stores.records.add(deletedRooms, line)
  if ((await stores.rooms.remove(room)) === 'stale') throw versionConflict(await stores.rooms.find(roomId))
}

/** The settings that differ between two versions of a room, each with its old and new value. */
export function differencesOf(before: Room, after: Room): Record<string, { old: unknown; new: unknown }> {
  const different = settings.filter((setting) => before[setting] !== after[setting])
  return Object.fromEntries(different.map((setting) => [setting, { old: before[setting], new: after[setting] }]))
}

const settings = [
  'name',
  'description',
  'categoryId',
  'privacy',
  'auditorium',
  'invitations',
  'disabled',
] as const satisfies (keyof Room)[]

const settingsOf = (before: Room, change: RoomUpdate) => ({
  name: change.name ?? before.name,
  description: change.description ?? before.description,
  privacy: change.privacy ?? before.privacy,
  auditorium: change.auditorium ?? before.auditorium,
  invitations: change.invitations ?? before.invitations,
  disabled: change.disabled ?? before.disabled,
})

async function replace(
  rooms: RoomStore,
  before: Room,
  next: Room,
  caller: Caller,
  now: number,
  lists: readonly Role[] = [],
): Promise<Room> {
  const after = { ...next, version: before.version + 1, updatedAt: now, updatedBy: caller.user }
  const outcome = await rooms.replace(before, after, lists)
  if (outcome === 'name_taken') throw nameTaken()
  if (outcome === 'no_category') throw noCategory()
  if (outcome === 'stale') throw versionConflict(await rooms.find(before.roomId))
  return after
}

const noRoom = () => new Refusal('not_found', 'There is no such room.')

const versionConflict = (current: Room | undefined) =>
  current
    ? new Refusal('conflict', 'The room was changed meanwhile.', { details: { version: current.version } })
    : noRoom()
