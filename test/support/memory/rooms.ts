import type { Principal } from '../../../lambdas/domain/access/principals.ts'
import type { Invitation } from '../../../lambdas/domain/access/roles.ts'
import { type Grant, type GrantStore, type Role, roles } from '../../../lambdas/domain/access/roles.ts'
import { foldName } from '../../../lambdas/domain/names.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import type { RoleListStore } from '../../../lambdas/domain/rooms/role-lists.ts'
import type { RoomStore } from '../../../lambdas/domain/rooms/rooms.ts'
import type { MemoryCategories } from './categories.ts'
import { MemoryInvitations } from './invitations.ts'
import type { MemoryMessages } from './messages.ts'

/** What rooms and roles both look into, as the items of one table. */
export type Shelf = Map<string, Room>

const pageSize = 100

export class MemoryRooms implements RoomStore, RoleListStore {
  readonly #rooms: Shelf
  readonly #roles: MemoryRoles
  readonly #log: MemoryMessages
  readonly #categories: MemoryCategories
  readonly #removed = new Set<string>()
  readonly #names = new Map<string, string>()
  readonly #wishes = new Map<string, string>()

  constructor(rooms: Shelf, roles: MemoryRoles, log: MemoryMessages, categories: MemoryCategories) {
    this.#rooms = rooms
    this.#roles = roles
    this.#log = log
    this.#categories = categories
  }

  async find(roomId: string): Promise<Room | undefined> {
    return structuredClone(this.#rooms.get(roomId))
  }

  async named(name: string): Promise<string | undefined> {
    return this.#names.get(foldName(name))
  }

  async create(
    room: Room,
    clientRoomId: string | undefined,
  ): Promise<'created' | 'name_taken' | 'no_category' | 'deleted' | Room> {
    const { roomId, name, categoryId, createdBy, createdAt } = room
    const wish = clientRoomId === undefined ? undefined : JSON.stringify([createdBy, clientRoomId])
    const earlier = wish === undefined ? undefined : this.#wishes.get(wish)
    if (earlier !== undefined) return structuredClone(this.#rooms.get(earlier)) ?? 'deleted'
    if (!this.#categories.has(categoryId)) return 'no_category'
    if (this.#names.has(foldName(name)) || this.#rooms.has(roomId)) return 'name_taken'
    this.#log.open(roomId, createdAt)
    this.#names.set(foldName(name), roomId)
    if (wish !== undefined) this.#wishes.set(wish, roomId)
    this.#rooms.set(roomId, structuredClone(room))
    this.#categories.count(categoryId, 1)
    this.#roles.put(roomId, { role: 'manager', principal: `user:${createdBy}`, createdAt, createdBy })
    return 'created'
  }

  async replace(
    before: Room,
    after: Room,
    lists: readonly string[] = [],
  ): Promise<'replaced' | 'name_taken' | 'no_category' | 'stale'> {
    const { roomId, version } = before
    if (this.#rooms.get(roomId)?.version !== version) return 'stale'
    if (!this.#categories.has(after.categoryId)) return 'no_category'
    if ((this.#names.get(foldName(after.name)) ?? roomId) !== roomId) return 'name_taken'
    this.#names.delete(foldName(before.name))
    this.#names.set(foldName(after.name), roomId)
    this.#categories.count(before.categoryId, -1)
    this.#categories.count(after.categoryId, 1)
    this.#rooms.set(roomId, structuredClone(after))
    for (const role of lists) this.#roles.listed.set(`${roomId} ${role}`, after.version)
    return 'replaced'
  }

  async remove({ roomId, version, name, categoryId }: Room): Promise<'removed' | 'stale'> {
    if (this.#rooms.get(roomId)?.version !== version) return 'stale'
    this.#rooms.delete(roomId)
    this.#removed.add(roomId)
    this.#names.delete(foldName(name))
    this.#categories.count(categoryId, -1)
    return 'removed'
  }

  async isRemoved(roomId: string): Promise<boolean> {
    return this.#removed.has(roomId)
  }

  async deleteLeftovers(roomId: string): Promise<void> {
    this.#roles.clear(roomId)
    this.#removed.delete(roomId)
  }

  async inCategory(categoryId: string): Promise<string[]> {
    return [...this.#rooms.values()].filter((room) => room.categoryId === categoryId).map(({ roomId }) => roomId)
  }

  async changeHolders(
    { roomId, version }: Room,
    role: Role,
    given: readonly Grant[],
    taken: readonly Grant[],
  ): Promise<void> {
    if (!this.#rooms.has(roomId) || this.#roles.listed.get(`${roomId} ${role}`) !== version) return
    for (const { principal } of taken) this.#roles.take(roomId, role, principal)
    for (const grant of given) this.#roles.put(roomId, grant)
  }

  /** Changes settings of a room past the domain, as an update would. */
  alter(roomId: string, settings: Partial<Omit<Room, 'roomId' | 'name'>>): void {
    const room = this.#rooms.get(roomId)
    if (!room) throw new Error(`There is no room ${roomId}.`)
    this.#rooms.set(roomId, { ...room, ...settings })
  }
}

export class MemoryRoles implements GrantStore {
  readonly #rooms: Shelf
  /** By room, by key. */
  readonly #grants = new Map<string, Map<string, Grant>>()
  readonly #invitations: MemoryInvitations
  /** By room and role, the version that replaced the list last. */
  readonly listed = new Map<string, number>()

  constructor(rooms: Shelf, invitations = new MemoryInvitations()) {
    this.#rooms = rooms
    this.#invitations = invitations
  }

  /** Nothing lags here, unless a test says so. */
  async held(
    roomId: string,
    principals: readonly Principal[],
    _mayLag = false,
  ): Promise<{ room: Room | undefined; roles: Role[] }> {
    const grants = this.#of(roomId)
    const held = roles.filter((role) => principals.some((principal) => grants.has(keyOf(role, principal))))
    return { room: structuredClone(this.#rooms.get(roomId)), roles: held }
  }

  async grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]> {
    return grants.filter((grant) => this.put(roomId, grant)).map((grant) => grant.principal)
  }

  async invite(roomId: string, grant: Grant, listedAt?: number): Promise<Invitation | undefined> {
    if (listedAt !== undefined && this.listed.get(`${roomId} ${grant.role}`) !== listedAt) return undefined
    if (!this.put(roomId, grant)) return undefined
    return this.#invitations.add(grant.principal.slice('user:'.length), roomId, grant.createdAt)
  }

  /** Every grant of every room. */
  everyGrant(): (Grant & { roomId: string })[] {
    return [...this.#grants].flatMap(([roomId, grants]) => [...grants.values()].map((grant) => ({ roomId, ...grant })))
  }

  async revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]> {
    return principals.filter((principal) => this.take(roomId, role, principal))
  }

  take(roomId: string, role: Role, principal: Principal): boolean {
    return this.#of(roomId).delete(keyOf(role, principal))
  }

  clear(roomId: string): void {
    this.#grants.delete(roomId)
  }

  async list(roomId: string, role: Role | undefined, from: string | undefined, most = pageSize) {
    const kept = [...this.#of(roomId)]
      .filter(([key, grant]) => (!role || grant.role === role) && (from === undefined || byBytes(key, from) > 0))
      .sort(([a], [b]) => byBytes(a, b))
    const grants = kept.slice(0, most).map(([, grant]) => structuredClone(grant))
    const last = kept[most - 1]
    return { grants, ...(kept.length > most && last && { next: last[0] }) }
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
