import type { Connections } from './aws/connections.ts'
import type { CategoryStore } from './domain/access/categories.ts'
import type { RoleStore } from './domain/access/grants.ts'
import type { InvitationStore } from './domain/access/invitation.ts'
import type { Buckets } from './domain/budget/limiter.ts'
import type { Allowance } from './domain/budget/room-rate.ts'
import type { Pace } from './domain/log/log.ts'
import type { ModeratedLog } from './domain/log/removals.ts'
import type { PreferenceStore } from './domain/people/preferences.ts'
import type { PeopleStore } from './domain/people/profiles.ts'
import type { RecordBook } from './domain/record/record.ts'
import type { DirectoryStore } from './domain/rooms/directory.ts'
import type { ListStore } from './domain/rooms/role-lists.ts'
import type { RoomStore } from './domain/rooms/rooms.ts'
import type { SessionStore } from './domain/sessions/sessions.ts'

/** What one line of the log says. Never a token, a message's text or a stack trace. */
export type Fact = Record<string, string | number | boolean | undefined>

/** Everything that a route may touch. */
export interface App {
  rooms: RoomStore & ListStore
  roles: RoleStore
  categories: CategoryStore
  people: PeopleStore
  directory: DirectoryStore
  invitations: InvitationStore
  preferences: PreferenceStore
  sessions: SessionStore
  messages: ModeratedLog
  records: RecordBook
  connections: Connections
  pace: Pace
  allowance: Allowance
  /** How much each connection has joined lately. */
  joins: Buckets
  /** An id that nobody can guess and nobody had before. */
  newId(): string
  settings: { domain: string; adminGroup: string; epoch: string }
  report(fact: Fact): void
}
