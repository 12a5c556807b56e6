import type { Principal } from '../../../lambdas/domain/access/principals.ts'
import type { HeldRole } from '../../../lambdas/domain/access/visibility.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import type { DirectoryStore, UserCount } from '../../../lambdas/domain/rooms/directory.ts'
import type { SessionStore } from '../../../lambdas/domain/sessions/sessions.ts'
import type { MemoryRoles, Shelf } from './rooms.ts'

/** The directory in memory. Its indexes show everything at once, unless a test holds them back. */
export class MemoryDirectory implements DirectoryStore {
  readonly #rooms: Shelf
  readonly #roles: MemoryRoles
  readonly #sessions: Pick<SessionStore, 'roster' | 'crowd'>
  #held: { rooms: Room[]; holdings: HeldRole[] } | undefined
  /** Categories that were read, in order. */
  readonly categoriesRead: string[] = []
  /** Rooms that an index handed out. */
  copies = 0

  constructor(rooms: Shelf, roles: MemoryRoles, sessions: Pick<SessionStore, 'roster' | 'crowd'>) {
    this.#rooms = rooms
    this.#roles = roles
    this.#sessions = sessions
  }

  /** From here on the indexes show what is there now, whatever changes. */
  holdBack(): void {
    this.#held = undefined
    this.#held = { rooms: this.#indexedRooms(), holdings: this.#indexedHoldings() }
  }

  async *inCategory(categoryId: string, from: string): AsyncGenerator<Room> {
    this.categoriesRead.push(categoryId)
    for (const room of this.#indexedRooms()) {
      if (room.categoryId !== categoryId || room.roomId < from) continue
      this.copies++
      yield structuredClone(room)
    }
  }

  async *holdings(principal: Principal, from: string): AsyncGenerator<HeldRole> {
    for (const holding of this.#indexedHoldings()) {
      if (holding.principal === principal && holding.roomId >= from) yield { ...holding }
    }
  }

  async rooms(roomIds: readonly string[]): Promise<Room[]> {
    return [...new Set(roomIds)].flatMap((roomId) => {
      const room = this.#rooms.get(roomId)
      return room ? [structuredClone(room)] : []
    })
  }

  async standing(holdings: readonly HeldRole[]): Promise<HeldRole[]> {
    const grants = new Set(this.#roles.everyGrant().map(keyOf))
    return holdings.filter((holding) => grants.has(keyOf(holding)))
  }

  async attendance(roomId: string, mostSessions: number): Promise<UserCount> {
    const roster = await this.#sessions.roster(roomId)
    const known = await this.#sessions.crowd(roomId)
    if (known?.large && roster.length > mostSessions) return { users: known.participants, more: false }
    const users = new Set(roster.slice(0, mostSessions).map(({ user }) => user))
    return { users: users.size, more: roster.length > mostSessions }
  }

  #indexedRooms(): Room[] {
    return this.#held?.rooms ?? structuredClone([...this.#rooms.values()].sort(byId))
  }

  #indexedHoldings(): HeldRole[] {
    const grants = this.#roles.everyGrant()
    return this.#held?.holdings ?? grants.map(({ roomId, role, principal }) => ({ roomId, role, principal })).sort(byId)
  }
}

const byId = (a: { roomId: string }, b: { roomId: string }) => (a.roomId < b.roomId ? -1 : 1)

const keyOf = ({ roomId, role, principal }: HeldRole) => JSON.stringify([roomId, role, principal])
