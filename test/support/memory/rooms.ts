import type { Grant, Role } from '../../../lambdas/domain/access/roles.ts'
import { foldName } from '../../../lambdas/domain/names.ts'
import { administration, deletedRooms, type RecordEvent } from '../../../lambdas/domain/record/record.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import type { RoleListStore } from '../../../lambdas/domain/rooms/role-lists.ts'
import type { RoomStore } from '../../../lambdas/domain/rooms/rooms.ts'
import type { MemoryCategories } from './categories.ts'
import type { MemoryGrants, RoomsById } from './grants.ts'
import type { MemoryLog } from './log.ts'
import type { MemoryRecord } from './record.ts'

/** Rooms and their names in memory. */
export class MemoryRooms implements RoomStore, RoleListStore {
  readonly #rooms: RoomsById
  readonly #grants: MemoryGrants
  readonly #log: MemoryLog
  readonly #categories: MemoryCategories
  readonly #record: MemoryRecord
  readonly #removed = new Set<string>()
  readonly #names = new Map<string, string>()
  readonly #requests = new Map<string, string>()

  constructor(
    rooms: RoomsById,
    grants: MemoryGrants,
    log: MemoryLog,
    categories: MemoryCategories,
    record: MemoryRecord,
  ) {
    this.#record = record
    this.#rooms = rooms
    this.#grants = grants
    this.#log = log
    this.#categories = categories
  }

  async find(roomId: string): Promise<Room | undefined> {
    return structuredClone(this.#rooms.get(roomId))
  }

  async named(name: string): Promise<string | undefined> {
    return this.#names.get(foldName(name))
  }

  async madeWith(user: string, clientRoomId: string): Promise<Room | 'deleted' | undefined> {
    const roomId = this.#requests.get(JSON.stringify([user, clientRoomId]))
    return roomId === undefined ? undefined : (structuredClone(this.#rooms.get(roomId)) ?? 'deleted')
  }

  async ownsAtLeast(user: string, count: number): Promise<boolean> {
    const own = this.#grants
      .everyGrant()
      .filter(
        ({ role, principal, createdBy }) => role === 'manager' && principal === `user:${user}` && createdBy === user,
      )
    return own.length >= count
  }

  async create(
    room: Room,
    clientRoomId: string | undefined,
    lines: readonly RecordEvent[] = [],
  ): Promise<'created' | 'name_taken' | 'no_category' | 'deleted' | Room> {
    const { roomId, name, categoryId, createdBy, createdAt } = room
    const request = clientRoomId === undefined ? undefined : JSON.stringify([createdBy, clientRoomId])
    const earlier = request === undefined ? undefined : this.#requests.get(request)
    if (earlier !== undefined) return structuredClone(this.#rooms.get(earlier)) ?? 'deleted'
    if (!this.#categories.has(categoryId)) return 'no_category'
    if (this.#names.has(foldName(name)) || this.#rooms.has(roomId)) return 'name_taken'
    this.#log.open(roomId, createdAt)
    this.#names.set(foldName(name), roomId)
    if (request !== undefined) this.#requests.set(request, roomId)
    this.#rooms.set(roomId, structuredClone(room))
    this.#categories.count(categoryId, 1)
    this.#grants.put(roomId, { role: 'manager', principal: `user:${createdBy}`, createdAt, createdBy })
    await this.#record.addAll(roomId, lines)
    return 'created'
  }

  async replace(
    before: Room,
    after: Room,
    lists: readonly string[] = [],
    lines: readonly RecordEvent[] = [],
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
    for (const role of lists) this.#grants.lists.set(`${roomId} ${role}`, after.version)
    await this.#record.addAll(roomId, lines)
    return 'replaced'
  }

  async remove(
    { roomId, version, name, categoryId }: Room,
    lines: readonly RecordEvent[] = [],
  ): Promise<'removed' | 'stale'> {
    if (this.#rooms.get(roomId)?.version !== version) return 'stale'
    this.#rooms.delete(roomId)
    this.#removed.add(roomId)
    this.#names.delete(foldName(name))
    this.#categories.count(categoryId, -1)
    for (const each of [roomId, administration, deletedRooms]) await this.#record.addAll(each, lines)
    return 'removed'
  }

  async isRemoved(roomId: string): Promise<boolean> {
    return this.#removed.has(roomId)
  }

  async deleteLeftovers(roomId: string): Promise<void> {
    this.#grants.clear(roomId)
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
    if (!this.#rooms.has(roomId) || this.#grants.lists.get(`${roomId} ${role}`) !== version) return
    for (const { principal } of taken) this.#grants.take(roomId, role, principal)
    for (const grant of given) this.#grants.put(roomId, grant)
  }

  /** Changes settings of a room without the domain. */
  alter(roomId: string, settings: Partial<Omit<Room, 'roomId' | 'name'>>): void {
    const room = this.#rooms.get(roomId)
    if (!room) throw new Error(`There is no room ${roomId}.`)
    this.#rooms.set(roomId, { ...room, ...settings })
  }
}
