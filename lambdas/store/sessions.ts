import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { index, key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { RecordEvent } from '../domain/record/record.ts'
import { byAge, type Connection } from '../domain/sessions/connections.ts'
import type { Crowd, RosterMember, RosterPart } from '../domain/sessions/crowd.ts'
import type { Joining, Session, SessionStore } from '../domain/sessions/sessions.ts'
import { CrowdItems } from './crowds.ts'
import { connectionPartition, keys } from './keys.ts'
import { recordItem } from './record.ts'
import { expiryOf, RosterItems, toItem, toSession } from './roster.ts'
import { type Item, marshal, Table } from './table.ts'
import { transact } from './transaction.ts'
import { put } from './transaction-steps.ts'

const connectionPrefix = connectionPartition('')

/** Connections and their sessions in rooms. A closed connection remains as a tombstone until its time to live ends. */
export class DynamoSessions implements SessionStore {
  readonly #client: DynamoDBClient
  readonly #clock: Clock & Random
  readonly #table: Table
  readonly #records: string
  readonly #rosters: RosterItems
  readonly #crowds: CrowdItems

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string, recordsTable: string) {
    this.#records = recordsTable
    this.#client = client
    this.#clock = clock
    this.#table = new Table(client, clock, tableName)
    this.#rosters = new RosterItems(this.#table, clock)
    this.#crowds = new CrowdItems(this.#table, clock)
  }

  async open(connection: Connection): Promise<boolean> {
    const { connectionId, user, name, groups, connectedAt, expiresAt, hearsUntil } = connection
    const opened = await this.#table.update(
      keys.connection(connectionId),
      {
        UpdateExpression: `SET #owner = :user, #name = :name, #groups = :groups,
          connectedAt = :connectedAt, expiresAt = :expiresAt${hearsUntil === undefined ? '' : ', hearsUntil = :hearsUntil'}`,
        ConditionExpression: 'attribute_not_exists(closed)',
        ExpressionAttributeNames: { '#owner': index.byUser.partition, '#name': 'name', '#groups': 'groups' },
      },
      {
        ':user': user,
        ':name': name,
        ':groups': groups,
        ':connectedAt': connectedAt,
        ':expiresAt': expiresAt,
        ':hearsUntil': hearsUntil,
      },
    )
    return opened.done
  }

  async close(connectionId: string, forgetAt: number): Promise<string[]> {
    // The tombstone keeps the rooms, so a second delivery of the event completes an interrupted first one.
    const closed = await this.#table.update(
      keys.connection(connectionId),
      {
        UpdateExpression: 'SET closed = :true, expiresAt = :forgetAt REMOVE #owner',
        ExpressionAttributeNames: { '#owner': index.byUser.partition },
      },
      { ':true': true, ':forgetAt': forgetAt },
    )
    return closed.done ? roomsIn(closed.old) : []
  }

  async connections(connectionIds: readonly string[]): Promise<Connection[]> {
    const found = await this.#table.getAll(connectionIds.map(keys.connection))
    return found.filter((item) => !item.closed).map(toConnection)
  }

  async connectionsOf(user: string): Promise<string[]> {
    return this.#byAge(await this.#idsOf(user))
  }

  async surplusOf(user: string, most: number, connectionId: string): Promise<string[]> {
    // The index may not contain this connection yet, because it was opened just now.
    const ids = [...new Set([...(await this.#idsOf(user)), connectionId])]
    return ids.length <= most ? [] : (await this.#byAge(ids)).slice(0, -most)
  }

  async #idsOf(user: string): Promise<string[]> {
    const ids: string[] = []
    const own = {
      IndexName: index.byUser.name,
      KeyConditionExpression: '#owner = :user',
      ExpressionAttributeNames: { '#owner': index.byUser.partition },
    }
    for await (const item of this.#table.query(own, { ':user': user })) {
      ids.push(String(item[key.partition]).slice(connectionPrefix.length))
    }
    return ids
  }

  async #byAge(ids: readonly string[]): Promise<string[]> {
    const open = await this.connections(ids)
    return open.sort(byAge).map((connection) => connection.connectionId)
  }

  async roomsOf(connectionId: string): Promise<string[] | undefined> {
    const connection = await this.#table.get(keys.connection(connectionId))
    return connection?.closed ? undefined : roomsIn(connection)
  }

  async find(roomId: string, connectionId: string): Promise<Session | undefined> {
    const item = await this.#table.get(keys.session(roomId, connectionId))
    return item && toSession(item)
  }

  async findEventually(roomId: string, connectionId: string): Promise<Session | undefined> {
    const item = await this.#table.get(keys.session(roomId, connectionId), false)
    return item && toSession(item)
  }

  async join(session: Session, mostRooms: number): Promise<Joining> {
    const outcome = await transact(this.#client, this.#clock, [
      this.#addRoom(session, mostRooms),
      {
        Put: {
          TableName: this.#table.name,
          Item: marshal(toItem(session)),
          ConditionExpression: newItem,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ])
    if (outcome === 'done') return 'joined'
    const [connection, earlier] = outcome
    if (connection?.found?.closed) return 'closed'
    if (connection && !connection.found?.connectedAt) return 'unknown'
    if (!earlier) return 'too_many'
    return earlier.found?.pending ? 'unconfirmed' : 'again'
  }

  #addRoom({ connectionId, roomId }: Session, mostRooms: number): TransactWriteItem {
    return {
      Update: {
        TableName: this.#table.name,
        Key: marshal(keys.connection(connectionId)),
        UpdateExpression: 'ADD rooms :room',
        ConditionExpression: `attribute_exists(connectedAt) AND attribute_not_exists(closed)
          AND (attribute_not_exists(rooms) OR contains(rooms, :roomId) OR size(rooms) < :most)`,
        ExpressionAttributeValues: marshal({ ':room': new Set([roomId]), ':roomId': roomId, ':most': mostRooms }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    }
  }

  async confirm(session: Session, joined: RecordEvent): Promise<boolean> {
    return this.#transacted([
      this.#rightsUpdate(session, 'attribute_exists(pending)'),
      this.#line(session.roomId, joined),
    ])
  }

  async update(session: Session): Promise<void> {
    await this.#transacted([this.#rightsUpdate(session, existing)])
  }

  #rightsUpdate(session: Session, ConditionExpression: string): TransactWriteItem {
    const { roomId, connectionId, canChat, isManager, isPresenter, logged } = session
    return {
      Update: {
        TableName: this.#table.name,
        Key: marshal(keys.session(roomId, connectionId)),
        UpdateExpression:
          'SET canChat = :canChat, isManager = :isManager, isPresenter = :isPresenter, logged = :logged REMOVE pending',
        ConditionExpression,
        ExpressionAttributeValues: marshal({
          ':canChat': canChat,
          ':isManager': isManager,
          ':isPresenter': isPresenter,
          ':logged': logged,
        }),
      },
    }
  }

  async end(
    roomId: string,
    connectionId: string,
    left?: RecordEvent,
    connection: 'open' | 'closed' = 'open',
  ): Promise<boolean> {
    const TableName = this.#table.name
    const Key = marshal(keys.session(roomId, connectionId))
    const deletion: TransactWriteItem = { Delete: { TableName, Key, ConditionExpression: existing } }
    const roomRemoval: TransactWriteItem = {
      Update: {
        TableName,
        Key: marshal(keys.connection(connectionId)),
        UpdateExpression: 'DELETE rooms :room',
        ConditionExpression: existing,
        ExpressionAttributeValues: marshal({ ':room': new Set([roomId]) }),
      },
    }
    const lines = left ? [this.#line(roomId, left)] : []
    const outcome = await transact(this.#client, this.#clock, [
      deletion,
      ...lines,
      ...(connection === 'open' ? [roomRemoval] : []),
    ])
    if (outcome === 'done') return true
    // The item of the connection has expired. The session is deleted without it.
    return outcome[0] ? false : this.end(roomId, connectionId, left, 'closed')
  }

  #line(roomId: string, recorded: RecordEvent): TransactWriteItem {
    return put(this.#records, ...recordItem(roomId, recorded))
  }

  /** A transaction has a token, so after a lost response the resend reports the result of the first one. */
  async #transacted(steps: TransactWriteItem[]): Promise<boolean> {
    return (await transact(this.#client, this.#clock, steps)) === 'done'
  }

  roster(roomId: string): Promise<Session[]> {
    return this.#rosters.whole(roomId)
  }

  part(roomId: string, part: RosterPart): Promise<Session[]> {
    return this.#rosters.part(roomId, part)
  }

  attendees(roomId: string): Promise<RosterMember[]> {
    return this.#rosters.attendees(roomId)
  }

  crowd(roomId: string): Promise<Crowd | undefined> {
    return this.#crowds.read(roomId)
  }

  noteCrowd(roomId: string, crowd: Crowd, expected?: number): Promise<boolean> {
    return this.#crowds.note(roomId, crowd, expected)
  }
}

const newItem = `attribute_not_exists(${key.partition})`
const existing = `attribute_exists(${key.partition})`

const roomsIn = (item: Item | undefined): string[] => (item?.rooms instanceof Set ? [...item.rooms].map(String) : [])

const toConnection = (item: Item): Connection => ({
  connectionId: String(item[key.partition]).slice(connectionPrefix.length),
  user: String(item[index.byUser.partition]),
  name: String(item.name),
  groups: Array.isArray(item.groups) ? item.groups.map(String) : [],
  connectedAt: Number(item.connectedAt),
  ...expiryOf(item),
})
