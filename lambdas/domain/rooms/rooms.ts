import { loadAccess } from '../access/access.ts'
import { type CategoryStore, findCategory, noCategory, requireCreator } from '../access/categories.ts'
import type { Caller } from '../access/principals.ts'
import type { GrantStore } from '../access/roles.ts'
import { mostFor, type QuotaPorts, takeToday, tooMany } from '../budget/quotas.ts'
import { Refusal } from '../errors.ts'
import type { RecordEvent } from '../record/record.ts'
import type { Privacy, Room } from '../room.ts'
import { roomUri } from '../room.ts'
import { roomCreated } from './acts.ts'

export interface NewRoom {
  name: string
  categoryId: string
  description: string
  privacy: Privacy
  auditorium: boolean
  invitations: 'inherit' | 'off'
  /** A caller who repeats a request with the same `clientRoomId` gets the same room. */
  clientRoomId?: string | undefined
}

export interface RoomStore {
  find(roomId: string): Promise<Room | undefined>
  /** The id of the room with this name. Case does not matter. */
  named(name: string): Promise<string | undefined>
  /** The room that this user made with this `clientRoomId`, `deleted` if it is gone, undefined if there was none. */
  madeWith(user: string, clientRoomId: string): Promise<Room | 'deleted' | undefined>
  /** Whether the user manages so many rooms by their own grant. Rooms that others gave them do not count. May lag. */
  ownsAtLeast(user: string, count: number): Promise<boolean>
  /**
   * Stores the room, its name, its creator as manager and its empty log in one transaction. This and the other changes
   * add the lines to the record of the room in the same transaction.
   */
  create(
    room: Room,
    clientRoomId: string | undefined,
    lines?: readonly RecordEvent[],
  ): Promise<'created' | 'name_taken' | 'no_category' | 'deleted' | Room>
  /**
   * Replaces the previous version of the room. The same transaction reserves a new name, frees the old one, and counts
   * the rooms of both categories. `lists` are the roles whose lists of holders are replaced under this version after
   * the call.
   */
  replace(
    before: Room,
    after: Room,
    lists?: readonly string[],
    lines?: readonly RecordEvent[],
  ): Promise<'replaced' | 'name_taken' | 'no_category' | 'stale'>
  /**
   * Deletes the room and frees its name. The lines are also added to the record of administration, and to that of the
   * deleted rooms. `deleteLeftovers` deletes its grants.
   */
  remove(room: Room, lines?: readonly RecordEvent[]): Promise<'removed' | 'stale'>
  /** Whether the room is deleted and some of its grants may be left. */
  isRemoved(roomId: string): Promise<boolean>
  /** Deletes the grants of a deleted room. A second run completes an interrupted one. */
  deleteLeftovers(roomId: string): Promise<void>
  /** The ids of the rooms of a category. The result may be slightly old. */
  inCategory(categoryId: string): Promise<string[]>
}

/** A room, named by its id, its name or its URI. */
export type RoomReference = { roomId: string } | { roomName: string } | { roomUri: string }

export async function resolveRoom(rooms: RoomStore, domain: string, reference: RoomReference): Promise<string> {
  if ('roomId' in reference) return reference.roomId
  if ('roomUri' in reference) {
    const base = roomUri(domain, '')
    if (reference.roomUri.startsWith(base)) return reference.roomUri.slice(base.length)
    throw new Refusal('not_found', 'There is no such room.')
  }
  return (await rooms.named(reference.roomName)) ?? noRoom
}

/** The id of no room. A name that does not exist is looked up like that of a hidden room, and is refused as late. */
const noRoom = ''

/**
 * Creates a room. The creator becomes a manager of the room, but not a member. A repeated request returns the room as
 * it is now, if the caller may still see it, and costs no quota. A room that cannot be made because its name is taken
 * does, so that guessing names has a bound.
 */
export async function createRoom(
  stores: { rooms: RoomStore; roles: GrantStore; categories: CategoryStore } & QuotaPorts,
  caller: Caller,
  request: NewRoom,
  roomId: string,
  now: number,
): Promise<Room> {
  requireCreator(await findCategory(stores.categories, request.categoryId), caller)
  const { clientRoomId, ...settings } = request
  const earlier = clientRoomId === undefined ? undefined : await stores.rooms.madeWith(caller.user, clientRoomId)
  if (earlier) return roomNow(stores, earlier, caller)
  await requireFewRooms(stores, caller)
  await takeToday(stores, caller, 'rooms', 1, now)
  const audit = { createdAt: now, createdBy: caller.user, updatedAt: now, updatedBy: caller.user }
  const room: Room = { roomId, ...settings, disabled: false, version: 1, ...audit }
  const outcome = await stores.rooms.create(room, clientRoomId, roomCreated(room))
  if (outcome === 'name_taken') throw nameTaken()
  if (outcome === 'no_category') throw noCategory()
  return outcome === 'created' ? room : roomNow(stores, outcome, caller)
}

async function roomNow(
  stores: { roles: GrantStore; categories: CategoryStore },
  made: Room | 'deleted',
  caller: Caller,
): Promise<Room> {
  const access = made === 'deleted' ? undefined : await loadAccess(stores, made.roomId, caller)
  if (access?.permissions.includes('view')) return access.room
  throw new Refusal('not_found', 'The room that this clientRoomId made is gone.')
}

async function requireFewRooms(stores: { rooms: RoomStore } & QuotaPorts, caller: Caller): Promise<void> {
  const most = mostFor(caller, stores.settings.quotas.roomsManaged)
  if (most === Number.POSITIVE_INFINITY || !(await stores.rooms.ownsAtLeast(caller.user, most))) return
  throw tooMany('roomsManaged', `${most} rooms that one user made and manages`)
}

export const nameTaken = () => new Refusal('duplicate_name', 'Another room has this name.')
