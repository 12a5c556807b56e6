import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Pace } from '../domain/log.ts'
import type { Room, RoomStore } from '../domain/rooms.ts'
import { type Key, keys, roomPartition } from './keys.ts'
import { opening } from './messages.ts'
import { type Item, marshal, Table } from './table.ts'
import { transact } from './transact.ts'

/** Rooms and the names they hold. */
export class DynamoRooms implements RoomStore {
  readonly #client: DynamoDBClient
  readonly #pace: Pace
  readonly #table: Table
  readonly #logTable: string

  constructor(client: DynamoDBClient, pace: Pace, tableName: string, logTable: string) {
    this.#client = client
    this.#pace = pace
    this.#table = new Table(client, tableName)
    this.#logTable = logTable
  }

  async find(roomId: string): Promise<Room | undefined> {
    const item = await this.#table.get(keys.room(roomId))
    return item && toRoom(item)
  }

  async named(name: string): Promise<string | undefined> {
    return roomIdIn(await this.#table.get(keys.name(name)))
  }

  async create(room: Room, clientRoomId: string | undefined): Promise<'created' | 'name_taken' | Room> {
    const { roomId, name, createdBy, createdAt } = room
    const remembered = clientRoomId === undefined ? undefined : keys.clientRoom(createdBy, clientRoomId)
    const grant = { principal: `user#${createdBy}`, createdAt, createdBy }
    const broken = await transact(this.#client, this.#pace, [
      this.#putNew(keys.name(name), { roomId }),
      ...(remembered ? [this.#putNew(remembered, { roomId })] : []),
      this.#putNew(keys.room(roomId), toItem(room)),
      this.#putNew(keys.grant(roomId, 'manager', `user:${createdBy}`), grant),
      { Put: { TableName: this.#logTable, Item: marshal(opening(roomId, createdAt)) } },
    ])
    if (broken === 'done') return 'created'
    const earlier = remembered && roomIdIn(await this.#table.get(remembered))
    return (earlier !== undefined && (await this.find(earlier))) || 'name_taken'
  }

  #putNew(itemKey: Key, attributes: Item): TransactWriteItem {
    const Item = marshal({ ...itemKey, ...attributes })
    return { Put: { TableName: this.#table.name, Item, ConditionExpression: `attribute_not_exists(${key.partition})` } }
  }
}

const roomIdIn = (item: Item | undefined): string | undefined => item && String(item.roomId)

const toItem = ({ roomId: _, ...room }: Room): Item => room

export const toRoom = (item: Item): Room => ({
  roomId: String(item[key.partition]).slice(roomPartition('').length),
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
