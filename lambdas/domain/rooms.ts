import { type CategoryStore, findCategory, mayCreateIn } from './categories.ts'
import { Refused } from './errors.ts'
import { type Caller, principalsOf } from './principals.ts'

export type Privacy = 'open' | 'closed' | 'secret'

export interface Room {
  roomId: string
  name: string
  description: string
  categoryId: string
  privacy: Privacy
  auditorium: boolean
  invitations: 'inherit' | 'off'
  disabled: boolean
  version: number
  /** Milliseconds since 1970. */
  createdAt: number
  createdBy: string
  updatedAt: number
  updatedBy: string
}

export interface RoomWish {
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
  create(room: Room, clientRoomId: string | undefined): Promise<'created' | 'name_taken' | Room>
}

/** How a caller points at a room. */
export type RoomReference = { roomId: string } | { roomName: string } | { roomUri: string }

/** Names that differ only in case, width or invisible characters are the same name. */
export const foldName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .trim()
    .replace(/\s+/gu, ' ')

export const roomUri = (domain: string, roomId: string): string => `chat://${domain}/${roomId}`

export async function resolve(rooms: RoomStore, domain: string, reference: RoomReference): Promise<string> {
  if ('roomId' in reference) return reference.roomId
  if ('roomUri' in reference) {
    const base = roomUri(domain, '')
    if (reference.roomUri.startsWith(base)) return reference.roomUri.slice(base.length)
    throw new Refused('not_found', 'There is no such room.')
  }
  const roomId = await rooms.named(reference.roomName)
  if (roomId === undefined) throw new Refused('not_found', 'There is no such room.')
  return roomId
}

/** The creator becomes the room's manager, not its member. */
export async function createRoom(
  stores: { rooms: RoomStore; categories: CategoryStore },
  caller: Caller,
  wish: RoomWish,
  roomId: string,
  now: number,
): Promise<Room> {
  const category = await findCategory(stores.categories, wish.categoryId)
  if (!category) throw new Refused('not_found', 'There is no such category.', { details: { field: 'categoryId' } })
  if (!caller.admin && !mayCreateIn(category, principalsOf(caller))) {
    throw new Refused('forbidden', 'Only a creator of the category may create a room in it.')
  }
  const { clientRoomId, ...settings } = wish
  const made = { createdAt: now, createdBy: caller.user, updatedAt: now, updatedBy: caller.user }
  const room: Room = { roomId, ...settings, disabled: false, version: 1, ...made }
  const outcome = await stores.rooms.create(room, clientRoomId)
  if (outcome === 'name_taken') throw new Refused('duplicate_name', 'Another room has this name.')
  return outcome === 'created' ? room : outcome
}
