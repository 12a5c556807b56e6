import type { Allowance } from './domain/allowance.ts'
import type { Buckets } from './domain/buckets.ts'
import type { CategoryStore } from './domain/categories.ts'
import type { DirectoryStore } from './domain/directory.ts'
import type { InvitationStore } from './domain/invitations.ts'
import type { Pace } from './domain/log.ts'
import type { ModeratedLog } from './domain/moderation.ts'
import type { PeopleStore } from './domain/people.ts'
import type { PreferenceStore } from './domain/preferences.ts'
import type { RecordBook } from './domain/record.ts'
import type { RoleStore } from './domain/roles.ts'
import type { ListStore } from './domain/room-lists.ts'
import type { RoomStore } from './domain/rooms.ts'
import type { SessionStore } from './domain/sessions.ts'
import type { Connections } from './gateway/connections.ts'

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
