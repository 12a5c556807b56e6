import type { BlockStore } from './domain/access/blocks.ts'
import type { CategoryStore } from './domain/access/categories.ts'
import type { InvitationStore } from './domain/access/invitations.ts'
import type { GrantStore } from './domain/access/roles.ts'
import type { RateLimiter } from './domain/budget/limiter.ts'
import type { Meter } from './domain/budget/meter.ts'
import type { QuotaLimits, QuotaStore } from './domain/budget/quotas.ts'
import type { RateLimits } from './domain/budget/room-rate.ts'
import type { UserBudget } from './domain/budget/user-budget.ts'
import type { Clock, Random } from './domain/clock.ts'
import type { Log } from './domain/log/log.ts'
import type { Fact, Metrics, Notes } from './domain/metrics.ts'
import type { PreferenceStore } from './domain/people/preferences.ts'
import type { ProfileStore } from './domain/people/profiles.ts'
import type { SuspensionStore } from './domain/people/suspensions.ts'
import type { RecordStore } from './domain/record/record.ts'
import type { DirectoryStore } from './domain/rooms/directory.ts'
import type { ErasureStore, JobQueue } from './domain/rooms/erasure.ts'
import type { RetentionStore } from './domain/rooms/retention.ts'
import type { RoleListStore } from './domain/rooms/role-lists.ts'
import type { RoomStore } from './domain/rooms/rooms.ts'
import type { SessionStore } from './domain/sessions/sessions.ts'
import type { Reviews } from './jobs/review-job.ts'
import type { Connections } from './push/connections.ts'

/** The fields of the log line of one request. Users and rooms are in it as hashes. */
export interface RequestLine {
  /** `INFO` if it is left out. */
  level?: 'WARN' | 'ERROR'
  requestId?: string
  connectionId?: string
  verb: string
  outcome: string
  [field: string]: Fact[string]
}

/** All stores, by the names that routes use. */
export interface Stores {
  rooms: RoomStore & RoleListStore
  roles: GrantStore
  categories: CategoryStore
  people: ProfileStore
  suspensions: SuspensionStore
  retention: RetentionStore
  erasures: ErasureStore
  jobs: JobQueue
  directory: DirectoryStore
  invitations: InvitationStore
  preferences: PreferenceStore
  blocks: BlockStore
  quotas: QuotaStore
  sessions: SessionStore
  messages: Log
  records: RecordStore
  reviews: Reviews
}

export type StoreName = keyof Stores

/** The parts of the app that every function has. */
export interface BaseApp extends Notes {
  connections: Connections
  clock: Clock & Random
  /** The units that the accesses of this environment have cost. */
  meter: Meter
  /** What each user may spend in a minute. */
  budget: UserBudget
  rateLimits: RateLimits
  /** The recent joins of each connection. */
  joinLimiter: RateLimiter
  /** The secret key that seals cursors. */
  cursorKey(): Promise<Uint8Array>
  /** A new id that no other call returns and no caller can guess. */
  newId(): string
  settings: { domain: string; adminGroup: string; epoch: string; quotas: QuotaLimits; recordAddresses: boolean }
  metrics: Metrics
  /** Writes the log line of a request, with the figures and notes since the line before, and what is safe of an error. */
  report(line: RequestLine, error?: unknown): void
}

/** All that a route may use. A route names its stores, and its function makes only these. */
export type App<Used extends StoreName = StoreName> = BaseApp & Pick<Stores, Used>
