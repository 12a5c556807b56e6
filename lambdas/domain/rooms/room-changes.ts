import { loadAccess, requirePermission } from '../access/access.ts'
import { type Category, type CategoryStore, findCategory, noCategory, requireCreator } from '../access/categories.ts'
import type { GrantPorts } from '../access/grant-limits.ts'
import { grantEvent } from '../access/grants.ts'
import type { Caller } from '../access/principals.ts'
import type { Invitation } from '../access/roles.ts'
import { type Grant, type GrantStore, type Role, roles } from '../access/roles.ts'
import { outOfScope } from '../access/scope.ts'
import { requireNoWall } from '../access/walls.ts'
import type { Clock } from '../clock.ts'
import { Refusal } from '../errors.ts'
import type { ProfileStore } from '../people/profiles.ts'
import { addToRecord } from '../record/lines.ts'
import type { RecordStore } from '../record/record.ts'
import type { Room } from '../room.ts'
import { type Failure, failuresOf, firstOf, raise } from '../steps.ts'
import { changesOf, roomChanged, roomDeleted } from './acts.ts'
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

/** `failure`: the room is changed, and some of its grants may not be. */
export interface Updated extends RoomChange {
  invitations: Invitation[]
  failure?: Failure
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
  return { before, after, ...(await applyLists(stores, after, lists)) }
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
): Promise<RoomChange & { purged: Grant[]; failure?: Failure }> {
  const { room: before, category } = requirePermission(await loadAccess(stores, roomId, caller), 'manage')
  const target = requireCreator(await findCategory(stores.categories, categoryId), caller)
  const moves = before.categoryId !== categoryId
  if (moves && !caller.admin) requireNoWall(category, target)
  const after = moves ? await replace(stores.rooms, before, { ...before, categoryId }, caller, now) : before
  const purged: Grant[] = []
  const audit = { createdAt: now, createdBy: caller.user }
  const failures = await failuresOf([async () => purged.push(...(await revokeOutside(stores, roomId, target, audit)))])
  return { before, after, purged, ...firstOf(failures) }
}

/** Revokes the grants that the category does not allow. A failure stops no other revocation. */
async function revokeOutside(
  stores: Stores,
  roomId: string,
  category: Category,
  audit: Pick<Grant, 'createdAt' | 'createdBy'>,
): Promise<Grant[]> {
  const grants = await grantsIn(stores.roles, roomId, undefined)
  const holders = [...new Set(grants.map(({ principal }) => principal))]
  const outside = new Set(await outOfScope(stores.people, category, holders))
  const purged = grants.filter(({ principal }) => outside.has(principal))
  const steps = roles.flatMap((role) => {
    const holding = purged.filter((grant) => grant.role === role).map(({ principal }) => principal)
    return inParts(holding, purgedAtOnce).map((principals) => async () => {
      await addToRecord(stores.records, roomId, grantEvent('revoked', role, principals, audit))
      await stores.roles.revoke(roomId, role, principals)
    })
  })
  raise(firstOf(await failuresOf(steps)).failure)
  return purged
}

const inParts = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

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
  if (room && (await stores.rooms.remove(room, roomDeleted(room, caller.user, stores.clock.now()))) === 'stale')
    throw versionConflict(await stores.rooms.find(roomId))
}

/** The settings that differ between two versions of a room, each with its old and new value. */
export function differencesOf(before: Room, after: Room): Record<string, { old: unknown; new: unknown }> {
  return changesOf(before, after, settings)
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
  const outcome = await rooms.replace(before, after, lists, roomChanged(before, after))
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
