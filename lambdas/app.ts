import type { CategoryStore } from './domain/categories.ts'
import type { Pace } from './domain/log.ts'
import type { MessageLog } from './domain/messages.ts'
import type { RoleStore } from './domain/roles.ts'
import type { RoomStore } from './domain/rooms.ts'
import type { SessionStore } from './domain/sessions.ts'
import type { Connections } from './gateway/connections.ts'

/** What one line of the log says. Never a token, a message's text or a stack trace. */
export type Fact = Record<string, string | number | boolean | undefined>

/** Everything that a route may touch. */
export interface App {
  rooms: RoomStore
  roles: RoleStore
  categories: CategoryStore
  sessions: SessionStore
  messages: MessageLog
  connections: Connections
  pace: Pace
  /** An id that nobody can guess and nobody had before. */
  newId(): string
  settings: { domain: string; adminGroup: string; epoch: string }
  report(fact: Fact): void
}
