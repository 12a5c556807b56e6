import type { CategoryStore } from './categories.ts'
import { rightsOf, sameRights } from './join.ts'
import { type Principal, principalsOf } from './principals.ts'
import type { RoleStore } from './roles.ts'
import type { Connection, Session, SessionStore } from './sessions.ts'
import { type Standing, standingIn } from './standing.ts'

/** What a change of rights did to the sessions of a room. */
export interface Reviewed {
  kicked: Session[]
  changed: Session[]
  /** Everyone still in the room, with their present rights. */
  roster: Session[]
}

type Stores = { sessions: SessionStore; roles: RoleStore; categories: CategoryStore }

/**
 * Holds the sessions of a room against the rights of their users as they are now, after a change that touched some
 * principals (or anyone, when none are named): who may no longer be there is out, whose rights changed is updated.
 */
export async function review(stores: Stores, roomId: string, touched?: readonly Principal[]): Promise<Reviewed> {
  const roster = await stores.sessions.roster(roomId)
  const connections = await connectionsOf(stores.sessions, roster)
  const affected = (session: Session) => {
    const groups = connections.get(session.connectionId)?.groups ?? []
    const principals = principalsOf({ user: session.user, groups })
    return !touched || touched.some((principal) => principals.includes(principal))
  }
  const standings = new Map<string, Promise<Standing | undefined>>()
  const standingOf = (session: Session) => {
    const groups = connections.get(session.connectionId)?.groups ?? []
    const identity = [session.user, ...groups].join('\n')
    const known = standings.get(identity)
    const standing = known ?? standingIn(stores, roomId, { user: session.user, groups, admin: false })
    standings.set(identity, standing)
    return standing
  }
  const result: Reviewed = { kicked: [], changed: [], roster: [] }
  for (const session of roster) {
    if (!affected(session)) result.roster.push(session)
    else await judge(stores.sessions, session, await standingOf(session), result)
  }
  return result
}

async function judge(sessions: SessionStore, session: Session, standing: Standing | undefined, result: Reviewed) {
  if (!standing?.permissions.includes('join')) {
    if (await sessions.end(session.roomId, session.connectionId)) result.kicked.push(session)
    return
  }
  const rights = rightsOf(standing)
  const current = { ...session, ...rights }
  result.roster.push(current)
  if (sameRights(rights, session)) return
  await sessions.update(current)
  result.changed.push(current)
}

async function connectionsOf(sessions: SessionStore, roster: readonly Session[]): Promise<Map<string, Connection>> {
  const found = await sessions.connections(roster.map((session) => session.connectionId))
  return new Map(found.map((connection) => [connection.connectionId, connection]))
}
