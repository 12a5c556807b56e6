import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { index, key } from '../bindings.ts'
import type { Principal } from '../domain/access/principals.ts'
import type { HeldRole } from '../domain/access/roles.ts'
import { isApp } from '../domain/apps.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Room } from '../domain/room.ts'
import type { DirectoryStore, UserCount } from '../domain/rooms/directory.ts'
import { isListening } from '../domain/sessions/connections.ts'
import { CrowdItems } from './crowds.ts'
import { HeldRoles, holdingIn } from './held-roles.ts'
import { principalKey, roomPartition } from './keys.ts'
import { toRoom } from './rooms.ts'
import { expiryOf } from './roster.ts'
import { Table } from './table.ts'

/** Grants to read at a time. About thirty of them cost one read unit. */
const holdingsAhead = 250

/** Most rooms have fewer sessions than this. Only for rooms with more, the noted count is read. */
const smallRoomSessions = 60

/** Reads the indexes of rooms and grants, the items of rooms and grants, and the sessions of rooms. */
export class DynamoDirectory extends HeldRoles implements DirectoryStore {
  readonly #clock: Clock & Random
  readonly #sessions: Table
  readonly #crowds: CrowdItems

  constructor(client: DynamoDBClient, clock: Clock & Random, tables: { rooms: string; sessions: string }) {
    super(new Table(client, clock, tables.rooms))
    this.#clock = clock
    this.#sessions = new Table(client, clock, tables.sessions)
    this.#crowds = new CrowdItems(this.#sessions, clock)
  }

  async *inCategory(categoryId: string, from: string, readAhead: number): AsyncGenerator<Room> {
    const input = indexed(index.byCategory, readAhead)
    for await (const item of this.table.query(input, { ':of': categoryId, ':from': roomPartition(from) })) {
      if (item[key.sort] === 'room') yield toRoom(item)
    }
  }

  async *holdings(principal: Principal, from: string): AsyncGenerator<HeldRole> {
    const values = { ':of': principalKey(principal), ':from': roomPartition(from) }
    for await (const item of this.table.query(indexed(index.byPrincipal, holdingsAhead), values)) {
      yield* holdingIn(item)
    }
  }

  /** The reads may be slightly old, because they cost half. */
  async attendance(roomId: string, mostSessions: number): Promise<UserCount> {
    const firstCount = await this.#counted(roomId, Math.min(mostSessions, smallRoomSessions))
    if (!firstCount.more) return firstCount
    const known = await this.#crowds.read(roomId)
    if (known?.large) return { users: known.participants, more: false }
    return mostSessions <= smallRoomSessions ? firstCount : this.#counted(roomId, mostSessions)
  }

  async #counted(roomId: string, most: number): Promise<UserCount> {
    const now = this.#clock.now()
    const users = new Set<string>()
    let counted = 0
    const room = { KeyConditionExpression: `${key.partition} = :room`, ConsistentRead: false, Limit: most + 1 }
    for await (const item of this.#sessions.query(room, { ':room': roomPartition(roomId) })) {
      if (counted++ === most) return { users: users.size, more: true }
      if (isListening(expiryOf(item), now) && !isApp(String(item.user))) users.add(String(item.user))
    }
    return { users: users.size, more: false }
  }
}

const indexed = ({ name, partition }: { name: string; partition: string }, readAhead: number) => ({
  IndexName: name,
  KeyConditionExpression: `#of = :of AND ${key.partition} >= :from`,
  ExpressionAttributeNames: { '#of': partition },
  Limit: readAhead,
})
