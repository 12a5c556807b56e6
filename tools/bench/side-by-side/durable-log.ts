import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { type Appended, type Message, type MessageLog, messageOf } from './message-log.ts'
import type { Draft } from './speech.ts'

/** How many of a room's last messages are remembered, for finding what was said already without a read. */
const remembered = 1000
const page = 200

interface Room {
  head: number
  /** The last messages by author and id, in their order. Everything from `from` on is among them. */
  last: Map<string, Message>
  from: number
  /** Ends with the append before: one at a time, so that numbers have no hole. */
  turn: Promise<unknown>
}

/**
 * A log with the guarantees of this project's own, as a server that lives long would keep one: numbers without a hole,
 * a message of an author and an id once for ever, stored before it is told. Since the server remembers where a log
 * ends, an append is one put. That its condition holds tells that no other server wrote meanwhile.
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
    const appended = room.turn.then(() => this.#append(room, user, draft))
    room.turn = appended.catch(() => undefined)
    return appended
  }

  async #append(room: Room, user: string, draft: Draft): Promise<Appended> {
    const known = (await this.#earlier(room, user, draft)) ?? room.last.get(nameOf(user, draft.clientMessageId))
    if (known) return known.text === draft.text ? { message: known, duplicate: true } : 'id_reused'
    for (;;) {
      const message = messageOf(user, room.head + 1, draft)
      const other = await this.#put(message)
      remember(room, other ?? message)
      if (!other) return { message, duplicate: false }
      // Its own put, whose answer was lost and which the client made again, or that of another server.
      if (nameOf(other.from.user, other.clientMessageId) === nameOf(user, draft.clientMessageId))
        return other.text === draft.text ? { message: other, duplicate: true } : 'id_reused'
    }
  }

  /** Looks in the table for what is no longer remembered. */
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
    const room: Room = { head: last[0] ? last[0].seq - 1 : 0, last: new Map(), from: 0, turn: Promise.resolve() }
    room.from = room.head + 1
    for (const message of last) remember(room, message)
    return room
  }

  /** What stands at the place already, if something does. */
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
  room.last.set(nameOf(message.from.user, message.clientMessageId), message)
  const [oldest] = room.last
  if (room.last.size <= remembered || !oldest) return
  room.last.delete(oldest[0])
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
