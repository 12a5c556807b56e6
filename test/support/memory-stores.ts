import { MemoryCategories } from './memory-categories.ts'
import { MemoryDirectory } from './memory-directory.ts'
import { MemoryInvitations } from './memory-invitations.ts'
import { MemoryMessages } from './memory-messages.ts'
import { MemoryPeople } from './memory-people.ts'
import { MemoryPreferences } from './memory-preferences.ts'
import { MemoryRecords } from './memory-records.ts'
import { MemoryRoles, MemoryRooms, type Shelf } from './memory-rooms.ts'
import { MemorySessions } from './memory-sessions.ts'
import { FakePace } from './pace.ts'

/** Every store of the domain, in memory and over the same rooms. */
export function memoryStores(pace = new FakePace()) {
  const shelf: Shelf = new Map()
  const messages = new MemoryMessages()
  const categories = new MemoryCategories()
  const invitations = new MemoryInvitations()
  const roles = new MemoryRoles(shelf, invitations)
  const records = new MemoryRecords()
  const sessions = new MemorySessions(pace, records)
  return {
    pace,
    messages,
    roles,
    rooms: new MemoryRooms(shelf, roles, messages, categories),
    categories,
    people: new MemoryPeople(),
    sessions,
    directory: new MemoryDirectory(shelf, roles, sessions),
    invitations,
    preferences: new MemoryPreferences(),
    records,
  }
}

export type MemoryStores = ReturnType<typeof memoryStores>
