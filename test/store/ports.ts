import type { Category, CategoryStore } from '../../lambdas/domain/access/categories.ts'
import type { RoleStore } from '../../lambdas/domain/access/grants.ts'
import type { InvitationStore } from '../../lambdas/domain/access/invitation.ts'
import type { MessageLog } from '../../lambdas/domain/log/pages.ts'
import type { PreferenceStore } from '../../lambdas/domain/people/preferences.ts'
import type { PeopleStore } from '../../lambdas/domain/people/profiles.ts'
import type { RecordBook } from '../../lambdas/domain/record/record.ts'
import type { DirectoryStore } from '../../lambdas/domain/rooms/directory.ts'
import type { ListStore } from '../../lambdas/domain/rooms/role-lists.ts'
import type { RoomStore } from '../../lambdas/domain/rooms/rooms.ts'
import type { SessionStore } from '../../lambdas/domain/sessions/sessions.ts'
import type { FakePace } from '../support/memory/clock.ts'

/** One implementation of every port, over the same data. */
export interface Stores {
  pace: FakePace
  sessions: SessionStore
  rooms: RoomStore & ListStore
  roles: RoleStore
  categories: CategoryStore
  people: PeopleStore
  messages: MessageLog
  records: RecordBook
  directory: DirectoryStore
  invitations: InvitationStore
  preferences: PreferenceStore
  putCategory(category: Category): Promise<void>
}

let counted = 0

/** A name that no other test uses, since stores are opened once for all of them. */
export const fresh = (noun: string): string => `${noun}-${++counted}`
