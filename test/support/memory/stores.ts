import { MemoryCategories } from './categories.ts'
import { FakeClock } from './clock.ts'
import { MemoryDirectory } from './directory.ts'
import { MemoryInvitations } from './invitations.ts'
import { MemoryMessages } from './messages.ts'
import { MemoryPreferences } from './preferences.ts'
import { MemoryPeople } from './profiles.ts'
import { MemoryRecords } from './record.ts'
import { MemoryRoles, MemoryRooms, type Shelf } from './rooms.ts'
import { MemorySessions } from './sessions.ts'

/** Every store of the domain, in memory and over the same rooms. */
export function memoryStores(clock = new FakeClock()) {
  const shelf: Shelf = new Map()
  const messages = new MemoryMessages()
  const categories = new MemoryCategories()
  const invitations = new MemoryInvitations()
  const roles = new MemoryRoles(shelf, invitations)
  const records = new MemoryRecords()
  const sessions = new MemorySessions(clock, records)
  return {
    clock,
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
