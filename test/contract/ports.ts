import type { Category, CategoryStore } from '../../lambdas/domain/categories.ts'
import type { DirectoryStore } from '../../lambdas/domain/directory.ts'
import type { InvitationStore } from '../../lambdas/domain/invitations.ts'
import type { MessageLog } from '../../lambdas/domain/messages.ts'
import type { PeopleStore } from '../../lambdas/domain/people.ts'
import type { PreferenceStore } from '../../lambdas/domain/preferences.ts'
import type { RecordBook } from '../../lambdas/domain/record.ts'
import type { RoleStore } from '../../lambdas/domain/roles.ts'
import type { ListStore } from '../../lambdas/domain/room-lists.ts'
import type { RoomStore } from '../../lambdas/domain/rooms.ts'
import type { SessionStore } from '../../lambdas/domain/sessions.ts'
import type { FakePace } from '../support/pace.ts'

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
