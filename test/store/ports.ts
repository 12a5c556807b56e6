import type { BlockStore } from '../../lambdas/domain/access/blocks.ts'
import type { Category, CategoryStore } from '../../lambdas/domain/access/categories.ts'
import type { InvitationStore } from '../../lambdas/domain/access/invitations.ts'
import type { GrantStore } from '../../lambdas/domain/access/roles.ts'
import type { QuotaStore } from '../../lambdas/domain/budget/quotas.ts'
import type { BudgetStore } from '../../lambdas/domain/budget/user-budget.ts'
import type { Log } from '../../lambdas/domain/log/log.ts'
import type { PreferenceStore } from '../../lambdas/domain/people/preferences.ts'
import type { ProfileStore } from '../../lambdas/domain/people/profiles.ts'
import type { SuspensionStore } from '../../lambdas/domain/people/suspensions.ts'
import type { RecordStore } from '../../lambdas/domain/record/record.ts'
import type { DirectoryStore } from '../../lambdas/domain/rooms/directory.ts'
import type { ErasureStore } from '../../lambdas/domain/rooms/erasure.ts'
import type { RetentionStore } from '../../lambdas/domain/rooms/retention.ts'
import type { RoleListStore } from '../../lambdas/domain/rooms/role-lists.ts'
import type { RoomStore } from '../../lambdas/domain/rooms/rooms.ts'
import type { SessionStore } from '../../lambdas/domain/sessions/sessions.ts'
import type { FakeClock } from '../support/memory/clock.ts'

/** One implementation of every port over the same data. */
export interface Stores {
  clock: FakeClock
  sessions: SessionStore
  rooms: RoomStore & RoleListStore
  roles: GrantStore
  categories: CategoryStore
  people: ProfileStore
  suspensions: SuspensionStore
  retention: RetentionStore
  erasures: ErasureStore
  messages: Log
  records: RecordStore
  directory: DirectoryStore
  invitations: InvitationStore
  preferences: PreferenceStore
  budgets: BudgetStore
  blocks: BlockStore
  quotas: QuotaStore
  putCategory(category: Category): Promise<void>
}

let counted = 0

/** A unique name: all tests of a file use the same stores. */
export const fresh = (noun: string): string => `${noun}-${++counted}`
