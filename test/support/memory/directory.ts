import type { Principal } from '../../../lambdas/domain/access/principals.ts'
import type { HeldRole, Role } from '../../../lambdas/domain/access/roles.ts'
import { isApp } from '../../../lambdas/domain/apps.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import type { DirectoryStore, UserCount } from '../../../lambdas/domain/rooms/directory.ts'
import type { SessionStore } from '../../../lambdas/domain/sessions/sessions.ts'
import type { MemoryGrants, RoomsById } from './grants.ts'

/** The directory in memory. Its indexes are current, unless a test freezes them. */
export class MemoryDirectory implements DirectoryStore {
  readonly #rooms: RoomsById
  readonly #grants: MemoryGrants
  readonly #sessions: Pick<SessionStore, 'roster' | 'crowd'>
  #frozen: { rooms: Room[]; holdings: HeldRole[] } | undefined
  /** The categories that were read, in order. */
  readonly categoriesRead: string[] = []
  /** Number of rooms that an index returned. */
  roomsRead = 0

  constructor(rooms: RoomsById, grants: MemoryGrants, sessions: Pick<SessionStore, 'roster' | 'crowd'>) {
    this.#rooms = rooms
    this.#grants = grants
    this.#sessions = sessions
  }

  /** From now on the indexes show the present state, even after changes. */
  freezeIndexes(): void {
    this.#frozen = undefined
    this.#frozen = { rooms: this.#indexedRooms(), holdings: this.#indexedHoldings() }
  }

  async *inCategory(categoryId: string, from: string): AsyncGenerator<Room> {
    this.categoriesRead.push(categoryId)
    for (const room of this.#indexedRooms()) {
      if (room.categoryId !== categoryId || room.roomId < from) continue
      this.roomsRead++
      yield structuredClone(room)
    }
  }

  async *holdings(principal: Principal, from: string): AsyncGenerator<HeldRole> {
    for (const holding of this.#indexedHoldings()) {
      if (holding.principal === principal && holding.roomId >= from) yield { ...holding }
    }
  }

  async rooms(roomIds: readonly string[]): Promise<Room[]> {
    return this.#grants.rooms(roomIds)
  }

  async standing(holdings: readonly HeldRole[]): Promise<HeldRole[]> {
    return this.#grants.standing(holdings)
  }

  async listed(user: Principal, role: Role, roomIds: readonly string[]): Promise<string[]> {
    const held = this.#indexedHoldings().filter((each) => each.principal === user && each.role === role)
    return [...new Set(roomIds)].filter((roomId) => held.some((each) => each.roomId === roomId))
  }

  async heldByGroups(roomIds: readonly string[], role: Role, groups: readonly Principal[]): Promise<string[]> {
    return this.#grants.heldByGroups(roomIds, role, groups)
  }

  async attendance(roomId: string, mostSessions: number): Promise<UserCount> {
    const roster = await this.#sessions.roster(roomId)
    const known = await this.#sessions.crowd(roomId)
    if (known?.large && roster.length > mostSessions) return { users: known.participants, more: false }
    const present = roster.slice(0, mostSessions).map(({ user }) => user)
    const users = new Set(present.filter((user) => !isApp(user)))
    return { users: users.size, more: roster.length > mostSessions }
  }

  #indexedRooms(): Room[] {
    return this.#frozen?.rooms ?? structuredClone([...this.#rooms.values()].sort(byId))
  }

  #indexedHoldings(): HeldRole[] {
    const grants = this.#grants.everyGrant()
    return (
      this.#frozen?.holdings ?? grants.map(({ roomId, role, principal }) => ({ roomId, role, principal })).sort(byId)
    )
  }
}

const byId = (a: { roomId: string }, b: { roomId: string }) => (a.roomId < b.roomId ? -1 : 1)
