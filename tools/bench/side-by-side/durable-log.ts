import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Draft } from './format.ts'
import { type Appended, type Message, type MessageLog, messageOf } from './message-log.ts'

/** The number of recent messages in memory, in which a repeated message is found without a read. */
const cached = 1000
const page = 200

interface Room {
  head: number
  /** The recent messages by author and id, in their order; complete from the position `from`. */
  recent: Map<string, Message>
  from: number
  /** Resolves after the previous append. Appends run one at a time, so that numbers have no gap. */
  previous: Promise<unknown>
}

/**
 * A log with the guarantees of this project, as a long-lived server would have it: numbers without a gap, each message
 * once by author and id, stored before its broadcast. The server keeps the head in memory, so an append is one put; its
 * condition fails if another server has written.
 */
export class DurableLog implements MessageLog {
  readonly #client: DynamoDBClient
  readonly #table: string
  readonly #rooms = new Map<string, Promise<Room>>()

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async append(user: string, draft: Draft): Promise<Appended> {
    const opened = this.#rooms.get(draft.roomId) ?? this.#open(draft.roomId)
    this.#rooms.set(draft.roomId, opened)
    const room = await opened
    const appended = room.previous.then(() => this.#append(room, user, draft))
    room.previous = appended.catch(() => undefined)
    return appended
  }

  async #append(room: Room, user: string, draft: Draft): Promise<Appended> {
    const known = (await this.#earlier(room, user, draft)) ?? room.recent.get(nameOf(user, draft.clientMessageId))
    if (known) return known.text === draft.text ? { message: known, duplicate: true } : 'id_reused'
    for (;;) {
      const message = messageOf(user, room.head + 1, draft)
      const other = await this.#put(message)
      remember(room, other ?? message)
      if (!other) return { message, duplicate: false }
      // An earlier put of the same message whose response was lost, or a put of another server.
      if (nameOf(other.from.user, other.clientMessageId) === nameOf(user, draft.clientMessageId))
        return other.text === draft.text ? { message: other, duplicate: true } : 'id_reused'
    }
  }

  /** Looks in the table for messages that are no longer in memory. */
  async #earlier(room: Room, user: string, draft: Draft): Promise<Message | undefined> {
    for (let after = draft.after; after < room.from - 1; ) {
      const messages = await this.since(draft.roomId, after)
      const found = messages.find(
        ({ from, clientMessageId }) => nameOf(from.user, clientMessageId) === nameOf(user, draft.clientMessageId),
      )
      if (found) return found
      after = messages.at(-1)?.seq ?? room.from
    }
    return undefined
  }

  async since(roomId: string, after: number): Promise<Message[]> {
    return this.#query(roomId, after, true)
  }

  async #open(roomId: string): Promise<Room> {
    const last = (await this.#query(roomId, 0, false)).reverse()
    const room: Room = { head: last[0] ? last[0].seq - 1 : 0, recent: new Map(), from: 0, previous: Promise.resolve() }
    room.from = room.head + 1
    for (const message of last) remember(room, message)
    return room
  }

  /** Returns the entry that already has the position, if any. */
  async #put(message: Message): Promise<Message | undefined> {
    const { roomId, seq, ...rest } = message
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: marshall({ roomId, seq, ...rest }),
          ConditionExpression: 'attribute_not_exists(roomId)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      return undefined
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException && error.Item) return toMessage(unmarshall(error.Item))
      throw error
    }
  }

  async #query(roomId: string, after: number, forward: boolean): Promise<Message[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'roomId = :room AND seq > :after',
        ExpressionAttributeValues: marshall({ ':room': roomId, ':after': after }),
        ConsistentRead: true,
        ScanIndexForward: forward,
        Limit: page,
      }),
    )
    return Items.map((item) => toMessage(unmarshall(item)))
  }
}

const nameOf = (user: string, clientMessageId: string) => JSON.stringify([user, clientMessageId])

function remember(room: Room, message: Message): void {
  room.head = message.seq
  room.recent.set(nameOf(message.from.user, message.clientMessageId), message)
  const [oldest] = room.recent
  if (room.recent.size <= cached || !oldest) return
  room.recent.delete(oldest[0])
  room.from = oldest[1].seq + 1
}

const toMessage = ({ roomId, seq, sentAt, from, clientMessageId, text }: Record<string, unknown>): Message => ({
  roomId: String(roomId),
  seq: Number(seq),
  sentAt: String(sentAt),
  from: from as Message['from'],
  clientMessageId: String(clientMessageId),
  text: String(text),
})
