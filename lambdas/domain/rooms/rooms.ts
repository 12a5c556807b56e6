import { type CategoryStore, findCategory, noCategory, requireCreator } from '../access/categories.ts'
import type { Caller } from '../access/principals.ts'
import { Refusal } from '../errors.ts'
import type { Privacy, Room } from '../room.ts'
import { roomUri } from '../room.ts'

export interface NewRoom {
  name: string
  categoryId: string
  description: string
  privacy: Privacy
  auditorium: boolean
  invitations: 'inherit' | 'off'
  /** Makes a repeated wish of the same caller answer the same room. */
  clientRoomId?: string | undefined
}

export interface RoomStore {
  find(roomId: string): Promise<Room | undefined>
  /** The room that holds a name, whatever its case. */
  named(name: string): Promise<string | undefined>
  /** Stores the room, its name, its creator as manager and its empty log together, or nothing. */
  create(
    room: Room,
    clientRoomId: string | undefined,
  ): Promise<'created' | 'name_taken' | 'no_category' | 'deleted' | Room>
  /**
   * Stores the room in place of the version before it. A new name is taken and the old one freed, and the rooms of its
   * categories are counted, in the same step. `lists` are the roles whose holders this version goes on to replace.
   */
  replace(
    before: Room,
    after: Room,
    lists?: readonly string[],
  ): Promise<'replaced' | 'name_taken' | 'no_category' | 'stale'>
  /** Nobody finds the room from here on, and its name is free; `clear` takes away what else there is of it. */
  remove(room: Room): Promise<'removed' | 'stale'>
  /** Whether the room was removed and there is still something to clear. */
  isRemoved(roomId: string): Promise<boolean>
  /** Deletes the grants of a removed room. Running it again finishes what an earlier run left undone. */
  deleteLeftovers(roomId: string): Promise<void>
  /** The rooms of a category; may lag by a moment. */
  inCategory(categoryId: string): Promise<string[]>
}

/** How a caller points at a room. */
export type RoomReference = { roomId: string } | { roomName: string } | { roomUri: string }

export async function resolveRoom(rooms: RoomStore, domain: string, reference: RoomReference): Promise<string> {
  if ('roomId' in reference) return reference.roomId
  if ('roomUri' in reference) {
    const base = roomUri(domain, '')
    if (reference.roomUri.startsWith(base)) return reference.roomUri.slice(base.length)
    throw new Refusal('not_found', 'There is no such room.')
  }
  const roomId = await rooms.named(reference.roomName)
  if (roomId === undefined) throw new Refusal('not_found', 'There is no such room.')
  return roomId
}

/** The creator becomes the room's manager, not its member. */
export async function createRoom(
  stores: { rooms: RoomStore; categories: CategoryStore },
  caller: Caller,
  wish: NewRoom,
  roomId: string,
  now: number,
): Promise<Room> {
  requireCreator(await findCategory(stores.categories, wish.categoryId), caller)
  const { clientRoomId, ...settings } = wish
  const made = { createdAt: now, createdBy: caller.user, updatedAt: now, updatedBy: caller.user }
  const room: Room = { roomId, ...settings, disabled: false, version: 1, ...made }
  const outcome = await stores.rooms.create(room, clientRoomId)
  if (outcome === 'name_taken') throw nameTaken()
  if (outcome === 'no_category') throw noCategory()
  if (outcome === 'deleted') throw new Refusal('not_found', 'The room that this clientRoomId made was deleted.')
  return outcome === 'created' ? room : outcome
}

export const nameTaken = () => new Refusal('duplicate_name', 'Another room has this name.')
