import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Clock, Random } from '../domain/clock.ts'
import { backOff } from './back-off.ts'
import { asUnavailable, unavailable } from './errors.ts'
import type { Key } from './keys.ts'

export type Item = Record<string, unknown>
type Values = Record<string, unknown>
type Waiting = Pick<Clock, 'sleep'> & Random
type QueryInput = Omit<QueryCommandInput, 'TableName' | 'ExpressionAttributeValues'>

export const marshal = (value: Item): Record<string, AttributeValue> => marshall(value, { removeUndefinedValues: true })

/**
 * The result of a conditional write: done with the old item, or the item that failed the condition, if there is one.
 */
export type WriteResult = { done: true; old: Item | undefined } | { done: false; found: Item | undefined }

/** DynamoDB accepts at most 100 keys in a batch read, and 25 items in a batch write. */
const readBatch = 100
const writeBatch = 25

/**
 * A busy DynamoDB leaves a part of a batch undone. The rest is sent again after a wait, at most this many times in
 * total.
 */
const maxRounds = 5

/** One DynamoDB table, with items as plain objects. Reads of the base table are strongly consistent by default. */
export class Table {
  readonly name: string
  readonly #client: DynamoDBClient
  readonly #clock: Waiting

  constructor(client: DynamoDBClient, clock: Waiting, name: string) {
    this.#client = client
    this.#clock = clock
    this.name = name
  }

  async get(key: Key, ConsistentRead = true): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.name, Key: marshal(key), ConsistentRead })
    const { Item: found } = await asUnavailable(() => this.#client.send(command))
    return found && unmarshall(found)
  }

  /** The existing items of these keys, in any order. */
  async getAll(keys: readonly Key[], ConsistentRead = true): Promise<Item[]> {
    const items: Item[] = []
    await inBatches(this.#clock, keys.map(marshal), readBatch, async (Keys) => {
      const command = new BatchGetItemCommand({ RequestItems: { [this.name]: { Keys, ConsistentRead } } })
      const { Responses, UnprocessedKeys } = await asUnavailable(() => this.#client.send(command))
      items.push(...(Responses?.[this.name] ?? []).map((found) => unmarshall(found)))
      return UnprocessedKeys?.[this.name]?.Keys ?? []
    })
    return items
  }

  async put(item: Item, condition?: Pick<PutItemCommandInput, 'ConditionExpression'>): Promise<WriteResult> {
    const input: PutItemCommandInput = { TableName: this.name, Item: marshal(item), ...condition, ...returnOld }
    return this.#write(() => this.#client.send(new PutItemCommand(input)))
  }

  async update(
    key: Key,
    expression: Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames'>,
    values: Values,
  ): Promise<WriteResult> {
    const input = { TableName: this.name, Key: marshal(key), ...expression, ...returnOld }
    const ExpressionAttributeValues = marshal(values)
    return this.#write(() => this.#client.send(new UpdateItemCommand({ ...input, ExpressionAttributeValues })))
  }

  async delete(key: Key): Promise<Item | undefined> {
    const input: DeleteItemCommandInput = { TableName: this.name, Key: marshal(key), ReturnValues: 'ALL_OLD' }
    const { Attributes } = await asUnavailable(() => this.#client.send(new DeleteItemCommand(input)))
    return Attributes && unmarshall(Attributes)
  }

  /** Deletes the existing items of these keys. */
  async deleteAll(keys: readonly Key[]): Promise<void> {
    const requests: WriteRequest[] = keys.map((key) => ({ DeleteRequest: { Key: marshal(key) } }))
    await inBatches(this.#clock, requests, writeBatch, async (batch) => {
      const command = new BatchWriteItemCommand({ RequestItems: { [this.name]: batch } })
      const { UnprocessedItems } = await asUnavailable(() => this.#client.send(command))
      return UnprocessedItems?.[this.name] ?? []
    })
  }

  /** One page of a query: at most its limit, and at most one megabyte. */
  async page(input: QueryInput, values: Values): Promise<Item[]> {
    const ExpressionAttributeValues = marshal(values)
    const command = new QueryCommand({
      ConsistentRead: true,
      ...input,
      TableName: this.name,
      ExpressionAttributeValues,
    })
    const { Items = [] } = await asUnavailable(() => this.#client.send(command))
    return Items.map((item) => unmarshall(item))
  }

  /** The number of items of a query, which are read and not sent. */
  async count(input: QueryInput, values: Values): Promise<number> {
    const base = { ConsistentRead: true, ...input, Select: 'COUNT' as const, TableName: this.name }
    let [sum, ExclusiveStartKey] = [0, input.ExclusiveStartKey]
    do {
      const command = new QueryCommand({ ...base, ExclusiveStartKey, ExpressionAttributeValues: marshal(values) })
      const page = await asUnavailable(() => this.#client.send(command))
      sum += page.Count ?? 0
      ExclusiveStartKey = page.LastEvaluatedKey
    } while (ExclusiveStartKey)
    return sum
  }

  /** The items of a query. It reads the next page only when the caller needs it. */
  async *query(input: QueryInput, values: Values): AsyncGenerator<Item> {
    const base = { ConsistentRead: input.IndexName === undefined, ...input, TableName: this.name }
    let ExclusiveStartKey = input.ExclusiveStartKey
    do {
      const command = new QueryCommand({ ...base, ExclusiveStartKey, ExpressionAttributeValues: marshal(values) })
      const page = await asUnavailable(() => this.#client.send(command))
      for (const item of page.Items ?? []) yield unmarshall(item)
      ExclusiveStartKey = page.LastEvaluatedKey
    } while (ExclusiveStartKey)
  }

  async #write(send: () => Promise<{ Attributes?: Record<string, AttributeValue> | undefined }>): Promise<WriteResult> {
    try {
      const { Attributes } = await asUnavailable(send)
      return { done: true, old: Attributes && unmarshall(Attributes) }
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return { done: false, found: error.Item && unmarshall(error.Item) }
    }
  }
}

const returnOld = { ReturnValues: 'ALL_OLD', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

/** Sends all parts in batches. `send` returns the parts that were left undone. */
async function inBatches<Part>(
  clock: Waiting,
  parts: Part[],
  size: number,
  send: (batch: Part[]) => Promise<Part[]>,
): Promise<void> {
  for (let at = 0; at < parts.length; at += size) {
    let rest = parts.slice(at, at + size)
    for (let round = 0; rest.length > 0; round++) {
      if (round === maxRounds) throw unavailable()
      if (round > 0) await backOff(clock, round)
      rest = await send(rest)
    }
  }
}
