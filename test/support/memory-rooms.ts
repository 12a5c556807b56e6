import type { Category, CategoryStore } from '../../lambdas/domain/categories.ts'
import type { Principal } from '../../lambdas/domain/principals.ts'
import { type Grant, type Role, type RoleStore, roles } from '../../lambdas/domain/roles.ts'
import { foldName, type Room, type RoomStore } from '../../lambdas/domain/rooms.ts'
import type { MemoryMessages } from './memory-messages.ts'

/** What rooms and roles both look into, as the items of one table. */
export type Shelf = Map<string, Room>

const pageSize = 100

export class MemoryRooms implements RoomStore {
  readonly #rooms: Shelf
  readonly #roles: MemoryRoles
  readonly #log: MemoryMessages
  readonly #names = new Map<string, string>()
  readonly #wishes = new Map<string, string>()

  constructor(rooms: Shelf, roles: MemoryRoles, log: MemoryMessages) {
    this.#rooms = rooms
    this.#roles = roles
    this.#log = log
  }

  async find(roomId: string): Promise<Room | undefined> {
    return structuredClone(this.#rooms.get(roomId))
  }

  async named(name: string): Promise<string | undefined> {
    return this.#names.get(foldName(name))
  }

  async create(room: Room, clientRoomId: string | undefined): Promise<'created' | 'name_taken' | Room> {
    const { roomId, name, createdBy, createdAt } = room
    const wish = clientRoomId === undefined ? undefined : JSON.stringify([createdBy, clientRoomId])
    const earlier = wish === undefined ? undefined : this.#rooms.get(this.#wishes.get(wish) ?? '')
    if (earlier) return structuredClone(earlier)
    if (this.#names.has(foldName(name)) || this.#rooms.has(roomId)) return 'name_taken'
    this.#names.set(foldName(name), roomId)
    if (wish !== undefined) this.#wishes.set(wish, roomId)
    this.#rooms.set(roomId, structuredClone(room))
    this.#roles.put(roomId, { role: 'manager', principal: `user:${createdBy}`, createdAt, createdBy })
    this.#log.open(roomId, createdAt)
    return 'created'
  }

  /** Changes settings of a room past the domain, as an update would. */
  alter(roomId: string, settings: Partial<Omit<Room, 'roomId' | 'name'>>): void {
    const room = this.#rooms.get(roomId)
    if (!room) throw new Error(`There is no room ${roomId}.`)
    this.#rooms.set(roomId, { ...room, ...settings })
  }
}

export class MemoryRoles implements RoleStore {
  readonly #rooms: Shelf
  /** By room, by key. */
  readonly #grants = new Map<string, Map<string, Grant>>()

  constructor(rooms: Shelf) {
    this.#rooms = rooms
  }

  async held(roomId: string, principals: readonly Principal[]): Promise<{ room: Room | undefined; roles: Role[] }> {
    const grants = this.#of(roomId)
    const held = roles.filter((role) => principals.some((principal) => grants.has(keyOf(role, principal))))
    return { room: structuredClone(this.#rooms.get(roomId)), roles: held }
  }

  async grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]> {
    return grants.filter((grant) => this.put(roomId, grant)).map((grant) => grant.principal)
  }

  async revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]> {
    return principals.filter((principal) => this.#of(roomId).delete(keyOf(role, principal)))
  }

  async list(roomId: string, role: Role | undefined, from: string | undefined) {
    const kept = [...this.#of(roomId)]
      .filter(([key, grant]) => (!role || grant.role === role) && (from === undefined || byBytes(key, from) > 0))
      .sort(([a], [b]) => byBytes(a, b))
    const grants = kept.slice(0, pageSize).map(([, grant]) => structuredClone(grant))
    const last = kept[pageSize - 1]
    return { grants, ...(kept.length > pageSize && last && { next: last[0] }) }
  }

  /** False when the principal holds the role already. */
  put(roomId: string, grant: Grant): boolean {
    const grants = this.#of(roomId)
    const key = keyOf(grant.role, grant.principal)
    if (grants.has(key)) return false
    grants.set(key, structuredClone(grant))
    return true
  }

  #of(roomId: string): Map<string, Grant> {
    const grants = this.#grants.get(roomId) ?? new Map<string, Grant>()
    this.#grants.set(roomId, grants)
    return grants
  }
}

const keyOf = (role: Role, principal: Principal) => `${role} ${principal}`

/** Strings in the order of their UTF-8, as the database keeps its keys. */
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

export class MemoryCategories implements CategoryStore {
  readonly #categories = new Map<string, Category>()

  async find(categoryId: string): Promise<Category | undefined> {
    return structuredClone(this.#categories.get(categoryId))
  }

  async list(): Promise<Category[]> {
    return [...this.#categories.values()]
      .sort((a, b) => byBytes(a.categoryId, b.categoryId))
      .map((category) => structuredClone(category))
  }

  /** Stores a category past the domain, as an administrator would. */
  put(category: Category): void {
    this.#categories.set(category.categoryId, structuredClone(category))
  }
}
