import type { Connections } from './aws/connections.ts'
import type { CategoryStore } from './domain/access/categories.ts'
import type { InvitationStore } from './domain/access/invitations.ts'
import type { GrantStore } from './domain/access/roles.ts'
import type { RateLimiter } from './domain/budget/limiter.ts'
import type { RateLimits } from './domain/budget/room-rate.ts'
import type { Clock, Random } from './domain/clock.ts'
import type { Log } from './domain/log/log.ts'
import type { PreferenceStore } from './domain/people/preferences.ts'
import type { ProfileStore } from './domain/people/profiles.ts'
import type { RecordStore } from './domain/record/record.ts'
import type { DirectoryStore } from './domain/rooms/directory.ts'
import type { RoleListStore } from './domain/rooms/role-lists.ts'
import type { RoomStore } from './domain/rooms/rooms.ts'
import type { SessionStore } from './domain/sessions/sessions.ts'

/** What one line of the log says. Never a token, a message's text or a stack trace. */
export type LogFields = Record<string, string | number | boolean | undefined>

/** Everything that a route may touch. */
export interface App {
  rooms: RoomStore & RoleListStore
  roles: GrantStore
  categories: CategoryStore
  people: ProfileStore
  directory: DirectoryStore
  invitations: InvitationStore
  preferences: PreferenceStore
  sessions: SessionStore
  messages: Log
  records: RecordStore
  connections: Connections
  clock: Clock & Random
  allowance: RateLimits
  /** How much each connection has joined lately. */
  joins: RateLimiter
  /** An id that nobody can guess and nobody had before. */
  newId(): string
  settings: { domain: string; adminGroup: string; epoch: string }
  report(fact: LogFields): void
}
