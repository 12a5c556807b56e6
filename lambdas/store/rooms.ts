import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { index, key, logKey } from '../bindings.ts'
import type { Grant, Role } from '../domain/access/roles.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { administration, deletedRooms, type RecordEvent } from '../domain/record/record.ts'
import type { Room } from '../domain/room.ts'
import type { RoleListStore } from '../domain/rooms/role-lists.ts'
import type { RoomStore } from '../domain/rooms/rooms.ts'
import { isCounted, roomCount } from './categories.ts'
import { type Key, keys, principalKey, rolePrefix, roomPartition } from './keys.ts'
import { firstItem } from './log.ts'
import { NameItems } from './name-items.ts'
import { recordSteps } from './record.ts'
import { type Item, marshal, Table } from './table.ts'
import { type FailedChecks, transact } from './transaction.ts'
import { check, count, listedAt, put, putNew, remove, removeAtVersion, setAtVersion } from './transaction-steps.ts'

/** A transaction holds at most 100 actions, and one of them checks the room. */
const grantsAtOnce = 99

/** The number of concurrent deletions. */
const deletionsAtOnce = 25

/** Rooms, their names, their number in each category, and changes of grants that depend on the room. */
export class DynamoRooms implements RoomStore, RoleListStore {
  readonly #client: DynamoDBClient
  readonly #clock: Clock & Random
  readonly #table: Table
  readonly #logTable: string
  readonly #recordTable: string
  readonly #names: NameItems

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string, logTable: string, recordTable: string) {
    this.#client = client
    this.#clock = clock
    this.#table = new Table(client, clock, tableName)
    this.#logTable = logTable
    this.#recordTable = recordTable
    this.#names = new NameItems(this.#table, 'room')
  }

  async find(roomId: string): Promise<Room | undefined> {
    const item = await this.#table.get(keys.room(roomId))
    return item && toRoom(item)
  }

  async named(name: string): Promise<string | undefined> {
    return this.#names.ownerOf(name)
  }

  async madeWith(user: string, clientRoomId: string): Promise<Room | 'deleted' | undefined> {
    const roomId = roomIdIn(await this.#table.get(keys.clientRoom(user, clientRoomId)))
    return roomId === undefined ? undefined : ((await this.find(roomId)) ?? 'deleted')
  }

  async ownsAtLeast(user: string, count: number): Promise<boolean> {
    const { name, partition } = index.byPrincipal
    const input = { IndexName: name, KeyConditionExpression: `${partition} = :user` }
    const managed: Key[] = []
    for await (const item of this.#table.query(input, { ':user': `user#${user}` })) {
      const [pk, sk] = [String(item[key.partition]), String(item[key.sort])]
      if (sk.startsWith(rolePrefix('manager'))) managed.push({ [key.partition]: pk, [key.sort]: sk })
    }
    // The index does not say who made a grant. The grants are read only of a user who may be at the limit.
    if (managed.length < count) return false
    return (await this.#table.getAll(managed)).filter(({ createdBy }) => createdBy === user).length >= count
  }

  async create(
    room: Room,
    clientRoomId: string | undefined,
    lines: readonly RecordEvent[] = [],
  ): Promise<'created' | 'name_taken' | 'no_category' | 'deleted' | Room> {
    const { roomId, name, categoryId, createdBy, createdAt } = room
    const table = this.#table.name
    const clientRoomKey = clientRoomId === undefined ? undefined : keys.clientRoom(createdBy, clientRoomId)
    const counted = this.#count(categoryId, 1)
    const outcome = await this.#transact([
      ...counted,
      ...this.#names.take(name, roomId),
      ...(clientRoomKey ? [putNew(table, clientRoomKey, { roomId })] : []),
      putNew(table, keys.room(roomId), toItem(room)),
      this.#put(roomId, { role: 'manager', principal: `user:${createdBy}`, createdAt, createdBy }),
      ...recordSteps(this.#recordTable, roomId, lines),
      // The log of a deleted room remains, so a room with the same id cannot be created again.
      {
        Put: {
          TableName: this.#logTable,
          Item: marshal(firstItem(roomId, createdAt)),
          ConditionExpression: `attribute_not_exists(${logKey.partition})`,
        },
      },
    ])
    if (outcome === 'done') return 'created'
    if (outcome.at(-1)) throw new Error('The id of a room was made twice.')
    const earlier = clientRoomId === undefined ? undefined : await this.madeWith(createdBy, clientRoomId)
    if (earlier) return earlier
    return counted.length > 0 && outcome[0] ? 'no_category' : 'name_taken'
  }

  async replace(
    before: Room,
    after: Room,
    lists: readonly string[] = [],
    lines: readonly RecordEvent[] = [],
  ): Promise<'replaced' | 'name_taken' | 'no_category' | 'stale'> {
    const table = this.#table.name
    const { roomId } = before
    const moved = before.categoryId !== after.categoryId
    const listed = Object.fromEntries(lists.map((role) => [listedAt(role), after.version]))
    const entered = moved ? this.#count(after.categoryId, 1) : []
    const outcome = await this.#transact([
      setAtVersion(table, keys.room(roomId), before.version, { ...toItem(after), ...listed }),
      ...entered,
      ...(moved ? this.#count(before.categoryId, -1) : []),
      ...(await this.#names.change(before.name, after.name, roomId)),
      ...recordSteps(this.#recordTable, roomId, lines),
    ])
    if (outcome === 'done') return 'replaced'
    if (outcome[0]) return 'stale'
    return entered.length > 0 && outcome[1] ? 'no_category' : 'name_taken'
  }

  async remove(
    { roomId, version, name, categoryId }: Room,
    lines: readonly RecordEvent[] = [],
  ): Promise<'removed' | 'stale'> {
    const table = this.#table.name
    const outcome = await this.#transact([
      removeAtVersion(table, keys.room(roomId), version),
      put(table, keys.removedRoom(roomId), { removedAt: this.#clock.now() }),
      ...(await this.#names.free(name, roomId)),
      ...this.#count(categoryId, -1),
      ...[roomId, administration, deletedRooms].flatMap((each) => recordSteps(this.#recordTable, each, lines)),
    ])
    return outcome === 'done' ? 'removed' : 'stale'
  }

  async isRemoved(roomId: string): Promise<boolean> {
    return (await this.#table.get(keys.removedRoom(roomId))) !== undefined
  }

  async deleteLeftovers(roomId: string): Promise<void> {
    const mark = keys.removedRoom(roomId)
    let itemKeys: Key[] = []
    const deleteAll = async () => {
      await Promise.all(itemKeys.map((itemKey) => this.#table.delete(itemKey)))
      itemKeys = []
    }
    const partition = { KeyConditionExpression: `${key.partition} = :room` }
    for await (const item of this.#table.query(partition, { ':room': roomPartition(roomId) })) {
      const sort = String(item[key.sort])
      if (sort === mark[key.sort]) continue
      itemKeys.push({ [key.partition]: roomPartition(roomId), [key.sort]: sort })
      if (itemKeys.length === deletionsAtOnce) await deleteAll()
    }
    await deleteAll()
    await this.#table.delete(mark)
  }

  async inCategory(categoryId: string): Promise<string[]> {
    const roomIds: string[] = []
    const { name, partition } = index.byCategory
    const within = { IndexName: name, KeyConditionExpression: `${partition} = :category` }
    for await (const item of this.#table.query(within, { ':category': categoryId })) {
      roomIds.push(roomIdOf(item))
    }
    return roomIds
  }

  async changeHolders(room: Room, role: Role, added: readonly Grant[], removed: readonly Grant[]): Promise<void> {
    const { roomId, version } = room
    const changes = [
      ...added.map((grant) => this.#put(roomId, grant)),
      ...removed.map(({ principal }) => remove(this.#table.name, keys.grant(roomId, role, principal))),
    ]
    const checkRoom = check(this.#table.name, keys.room(roomId), listedAt(role), version)
    for (let at = 0; at < changes.length; at += grantsAtOnce) {
      const outcome = await this.#transact([checkRoom, ...changes.slice(at, at + grantsAtOnce)])
      if (outcome !== 'done') return
    }
  }

  #transact(actions: TransactWriteItem[]): Promise<'done' | FailedChecks> {
    return transact(this.#client, this.#clock, actions)
  }

  #count(categoryId: string, by: number): TransactWriteItem[] {
    return isCounted(categoryId) ? [count(this.#table.name, keys.category(categoryId), roomCount, by)] : []
  }

  #put(roomId: string, { role, principal, createdAt, createdBy }: Grant): TransactWriteItem {
    const attributes = { [index.byPrincipal.partition]: principalKey(principal), createdAt, createdBy }
    return put(this.#table.name, keys.grant(roomId, role, principal), attributes)
  }
}

const roomIdOf = (item: Item): string => String(item[key.partition]).slice(roomPartition('').length)

const roomIdIn = (item: Item | undefined): string | undefined => item && String(item.roomId)

const toItem = ({ roomId: _, ...room }: Room): Item => room

export const toRoom = (item: Item): Room => ({
  roomId: roomIdOf(item),
  name: String(item.name),
  description: String(item.description),
  categoryId: String(item.categoryId),
  privacy: item.privacy === 'open' || item.privacy === 'secret' ? item.privacy : 'closed',
  auditorium: item.auditorium === true,
  invitations: item.invitations === 'off' ? 'off' : 'inherit',
  disabled: item.disabled === true,
  version: Number(item.version),
  createdAt: Number(item.createdAt),
  createdBy: String(item.createdBy),
  updatedAt: Number(item.updatedAt),
  updatedBy: String(item.updatedBy),
})
