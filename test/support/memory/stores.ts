import { MemoryBlocks } from './blocks.ts'
import { MemoryBudgets } from './budgets.ts'
import { MemoryCategories } from './categories.ts'
import { FakeClock } from './clock.ts'
import { MemoryDirectory } from './directory.ts'
import { MemoryErasures, MemoryJobs } from './erasures.ts'
import { MemoryGrants, type RoomsById } from './grants.ts'
import { MemoryInvitations } from './invitations.ts'
import { MemoryLog } from './log.ts'
import { MemoryPreferences } from './preferences.ts'
import { MemoryProfiles } from './profiles.ts'
import { MemoryQuotas } from './quotas.ts'
import { MemoryRecord } from './record.ts'
import { MemoryRetention } from './retention.ts'
import { MemoryRooms } from './rooms.ts'
import { MemorySessions } from './sessions.ts'
import { MemorySuspensions } from './suspensions.ts'

/** Every store of the domain in memory, over the same rooms. */
export function memoryStores(clock = new FakeClock()) {
  const roomsById: RoomsById = new Map()
  const log = new MemoryLog()
  const record = new MemoryRecord()
  const categories = new MemoryCategories(record)
  const invitations = new MemoryInvitations()
  const grants = new MemoryGrants(roomsById, invitations)
  const preferences = new MemoryPreferences()
  const sessions = new MemorySessions(clock, record)
  return {
    clock,
    messages: log,
    roles: grants,
    rooms: new MemoryRooms(roomsById, grants, log, categories, record),
    categories,
    people: new MemoryProfiles([invitations, preferences]),
    erasures: new MemoryErasures(),
    jobs: new MemoryJobs(),
    retention: new MemoryRetention(),
    suspensions: new MemorySuspensions(),
    sessions,
    directory: new MemoryDirectory(roomsById, grants, sessions),
    invitations,
    preferences,
    budgets: new MemoryBudgets(),
    blocks: new MemoryBlocks(),
    quotas: new MemoryQuotas(),
    records: record,
  }
}

export type MemoryStores = ReturnType<typeof memoryStores>
