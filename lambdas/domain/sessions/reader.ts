import { loadAccess, requirePermission } from '../access/access.ts'
import type { CategoryStore } from '../access/categories.ts'
import { keepsHistory } from '../access/categories.ts'
import type { Caller } from '../access/principals.ts'
import type { GrantStore } from '../access/roles.ts'
import { Refusal } from '../errors.ts'
import type { SessionStore } from './sessions.ts'

type Stores = { sessions: Pick<SessionStore, 'find'>; roles: GrantStore; categories: CategoryStore }

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
  stores: Stores,
  roomId: string,
  connectionId: string,
  caller: Caller,
): Promise<ReadableRoom> {
  const session = await stores.sessions.find(roomId, connectionId)
  if (session?.confirmed) return { roomId, logged: session.logged }
  const { category } = requirePermission(await loadAccess(stores, roomId, caller), 'read')
  return { roomId, logged: keepsHistory(category) }
}

/** Like `requireReader`, but returns undefined if the caller may not read the room. */
export async function findReader(...input: Parameters<typeof requireReader>): Promise<ReadableRoom | undefined> {
  try {
    return await requireReader(...input)
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'unavailable') return undefined
    throw error
  }
}
