import { loadAccess, requirePermission } from '../access/access.ts'
import type { CategoryStore } from '../access/categories.ts'
import { keepsHistory } from '../access/categories.ts'
import { readableRooms } from '../access/many-rooms.ts'
import type { Caller } from '../access/principals.ts'
import type { GrantStore } from '../access/roles.ts'
import { forEachConcurrent } from '../concurrency.ts'
import { Refusal } from '../errors.ts'
import type { SessionStore } from './sessions.ts'

export type ReaderStores = { sessions: Pick<SessionStore, 'find'>; roles: GrantStore; categories: CategoryStore }

/** A room that the caller may read. `logged`: the room keeps its messages. */
export interface ReadableRoom {
  roomId: string
  logged: boolean
}

/**
 * Throws a refusal if the caller may not read the room. A confirmed session proves the right to read, because it ends
 * with this right. It costs one keyed read. Without a session, the roles of all groups are read.
 */
export async function requireReader(
  stores: ReaderStores,
  roomId: string,
  connectionId: string,
  caller: Caller,
): Promise<ReadableRoom> {
  const session = await stores.sessions.find(roomId, connectionId)
  if (session?.confirmed) return { roomId, logged: session.logged }
  const { category } = requirePermission(await loadAccess(stores, roomId, caller), 'read')
  return { roomId, logged: keepsHistory(category) }
}

/**
 * The rooms among these that the caller may read. Sessions are looked up only in the rooms that the connection has
 * joined; the rights in all others are loaded together.
 */
export async function findReaders(
  stores: ReaderStores,
  roomIds: readonly string[],
  joined: readonly string[],
  connectionId: string,
  caller: Caller,
): Promise<Map<string, ReadableRoom>> {
  const found = new Map<string, ReadableRoom>()
  const known = new Set(joined)
  await forEachConcurrent(
    roomIds.filter((roomId) => known.has(roomId)),
    async (roomId) => {
      const session = await stores.sessions.find(roomId, connectionId)
      if (session?.confirmed) found.set(roomId, { roomId, logged: session.logged })
    },
  )
  const others = roomIds.filter((roomId) => !found.has(roomId))
  for (const room of await readableRooms(stores, others, caller)) found.set(room.roomId, room)
  return found
}

/**
 * Throws a refusal unless the caller may read all these rooms. The refusal names the field of the first other room,
 * whose rights are read again before: those of many rooms may be slightly old.
 */
export async function requireReaders(
  stores: ReaderStores & { sessions: Pick<SessionStore, 'roomsOf'> },
  roomIds: readonly string[],
  connectionId: string,
  caller: Caller,
): Promise<ReadableRoom[]> {
  const joined = (await stores.sessions.roomsOf(connectionId)) ?? []
  const readers = await findReaders(stores, roomIds, joined, connectionId, caller)
  const rooms: ReadableRoom[] = []
  for (const [at, roomId] of roomIds.entries()) {
    const exact = () => withField(`roomIds.${at}`, requireReader(stores, roomId, connectionId, caller))
    rooms.push(readers.get(roomId) ?? (await exact()))
  }
  return rooms
}

/** Adds the field to a refusal, because a frame may name many rooms. */
async function withField<Value>(field: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, details, retryAfterMs } = error
    throw new Refusal(code, message, {
      details: { ...details, field },
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
}
