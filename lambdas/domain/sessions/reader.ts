import { loadAccess, requirePermission } from '../access/access.ts'
import type { CategoryStore } from '../access/categories.ts'
import { keepsHistory } from '../access/categories.ts'
import type { Caller } from '../access/principals.ts'
import type { GrantStore } from '../access/roles.ts'
import { Refusal } from '../errors.ts'
import type { SessionStore } from './sessions.ts'

type Stores = { sessions: Pick<SessionStore, 'find'>; roles: GrantStore; categories: CategoryStore }

/** What a reader finds in a room: whether anything that is said there is kept. */
export interface ReadableRoom {
  roomId: string
  logged: boolean
}

/**
 * A session proves the right to read, since it ends with it, and costs one keyed read; only without one is every role
 * of every group looked up. Whoever may not read is refused.
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

/** The same for whoever asks about many rooms at once: those that may not be read are left out. */
export async function findReader(...asked: Parameters<typeof requireReader>): Promise<ReadableRoom | undefined> {
  try {
    return await requireReader(...asked)
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'unavailable') return undefined
    throw error
  }
}
