import type { SocketEvent } from '../../../lambdas/aws/socket-event.ts'
import { loadAccess } from '../../../lambdas/domain/access/access.ts'
import { builtInCategory, type Category } from '../../../lambdas/domain/access/categories.ts'
import type { Caller } from '../../../lambdas/domain/access/principals.ts'
import type { Role } from '../../../lambdas/domain/access/roles.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import { rightsOf } from '../../../lambdas/domain/sessions/join.ts'
import type { Session } from '../../../lambdas/domain/sessions/sessions.ts'
import type { Handler } from '../../../lambdas/route.ts'
import type { MemoryApp } from './app.ts'

/** Makes the callers, rooms, sessions and frames that tests start with. */

export const person = (user: string, more: Partial<Caller> = {}): Caller => ({
  user,
  name: user.toUpperCase(),
  groups: [],
  admin: false,
  ...more,
})

export const roomOf = (roomId: string, settings: Partial<Room> = {}): Room => ({
  roomId,
  name: `Room ${roomId}`,
  description: '',
  categoryId: 'general',
  privacy: 'closed',
  auditorium: false,
  invitations: 'inherit',
  disabled: false,
  version: 1,
  createdAt: 1_700_000_000_000,
  createdBy: 'maker',
  updatedAt: 1_700_000_000_000,
  updatedBy: 'maker',
  ...settings,
})

/** The built-in category with another id and name and with these settings. */
export const categoryOf = (categoryId: string, settings: Partial<Category> = {}): Category => ({
  ...builtInCategory,
  categoryId,
  name: `Category ${categoryId}`,
  ...settings,
})

/** Creates a room with grants, such as `{ 'user:ana': ['member'] }`. */
export async function addRoom(
  app: MemoryApp,
  roomId: string,
  settings: Partial<Room> = {},
  grants: Record<string, Role[]> = {},
): Promise<void> {
  await app.rooms.create(roomOf(roomId, settings), undefined)
  for (const [principal, roles] of Object.entries(grants)) {
    for (const role of roles) app.roles.put(roomId, { role, principal, createdAt: 1, createdBy: 'maker' })
  }
}

export const hour = 3600

/** Opens a connection like `$connect`. */
export async function connect(app: MemoryApp, { user, name, groups }: Caller, connectionId: string): Promise<void> {
  const connectedAt = app.clock.now()
  const expiresAt = Math.ceil(connectedAt / 1000) + 2 * hour
  await app.sessions.open({ connectionId, user, name, groups: [...groups], connectedAt, expiresAt })
}

/** Joins the caller to the room with their present rights. No participant is notified. */
export async function addSession(
  app: MemoryApp,
  roomId: string,
  caller: Caller,
  connectionId: string,
): Promise<Session> {
  await connect(app, caller, connectionId)
  const access = await loadAccess(app, roomId, caller)
  if (!access) throw new Error(`There is no room ${roomId}.`)
  const { user, name } = caller
  const joinedAt = app.clock.time++
  const expiresAt = Math.ceil(joinedAt / 1000) + 2 * hour
  const session = { roomId, connectionId, user, name, joinedAt, expiresAt, ...rightsOf(access), confirmed: true }
  await app.sessions.join(session, 100)
  return session
}

/** Runs a route with a frame, as in an event of API Gateway. Returns the reply, or an empty object if there is none. */
export async function call(
  app: MemoryApp,
  handler: Handler,
  frame: unknown,
  caller: Caller = person('ana'),
  connectionId = `c-${caller.user}`,
): Promise<Record<string, unknown>> {
  const { body } = await handler(app, eventOf(app, frame, caller, connectionId))
  const parsed: unknown = JSON.parse(body ?? 'null')
  return { ...Object(parsed) }
}

/** The event of API Gateway for a frame. A string is used as the text of the frame. */
export function eventOf(app: MemoryApp, frame: unknown, caller: Caller, connectionId: string): SocketEvent {
  const groups = caller.admin ? [...caller.groups, app.settings.adminGroup] : caller.groups
  const exp = Math.ceil(app.clock.now() / 1000) + hour
  return {
    requestContext: {
      routeKey: 'test',
      connectionId,
      requestId: 'request-1',
      connectedAt: app.clock.now(),
      authorizer: { user: caller.user, name: caller.name, groups: JSON.stringify(groups), exp: String(exp) },
    },
    body: typeof frame === 'string' ? frame : JSON.stringify(frame),
  }
}
