import type { CategoryStore } from './categories.ts'
import type { Caller } from './principals.ts'
import type { RoleStore } from './roles.ts'
import type { SessionStore } from './sessions.ts'
import { require, standingIn } from './standing.ts'
import { keepsHistory } from './unlogged.ts'

type Stores = { sessions: Pick<SessionStore, 'find'>; roles: RoleStore; categories: CategoryStore }

/**
 * Who may read a room, and whether there is anything kept to be read. A session proves the right, since it ends with
 * it, and costs one keyed read; only without one is every role of every group looked up.
 */
export async function requireReader(
  stores: Stores,
  roomId: string,
  connectionId: string,
  caller: Caller,
): Promise<{ roomId: string; logged: boolean }> {
  const session = await stores.sessions.find(roomId, connectionId)
  if (session?.confirmed) return { roomId, logged: session.logged }
  const { category } = require(await standingIn(stores, roomId, caller), 'read')
  return { roomId, logged: keepsHistory(category) }
}
