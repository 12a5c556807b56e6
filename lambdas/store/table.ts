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

/** What a conditional write met: done, or the item that stood in its way, if there was one. */
export type WriteResult = { done: true; old: Item | undefined } | { done: false; found: Item | undefined }

/** DynamoDB serves 100 keys of a batch at once, and takes 25 writes. */
const readBatch = 100
const writeBatch = 25

/** DynamoDB leaves part of a batch undone where it is too busy, and is asked for the rest this often, after a wait. */
const mostRounds = 5

/** One DynamoDB table, spoken to in plain objects. Reads of the base table are strongly consistent, unless told not to be. */
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

  /** The items of these keys that exist, in any order. */
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
    const input: PutItemCommandInput = { TableName: this.name, Item: marshal(item), ...condition, ...answerOld }
    return this.#write(() => this.#client.send(new PutItemCommand(input)))
  }

  async update(
    key: Key,
    expression: Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames'>,
    values: Values,
  ): Promise<WriteResult> {
    const input = { TableName: this.name, Key: marshal(key), ...expression, ...answerOld }
    const ExpressionAttributeValues = marshal(values)
    return this.#write(() => this.#client.send(new UpdateItemCommand({ ...input, ExpressionAttributeValues })))
  }

  async delete(key: Key): Promise<Item | undefined> {
    const input: DeleteItemCommandInput = { TableName: this.name, Key: marshal(key), ReturnValues: 'ALL_OLD' }
    const { Attributes } = await asUnavailable(() => this.#client.send(new DeleteItemCommand(input)))
    return Attributes && unmarshall(Attributes)
  }

  /** Deletes what exists of these keys. */
  async deleteAll(keys: readonly Key[]): Promise<void> {
    const requests: WriteRequest[] = keys.map((key) => ({ DeleteRequest: { Key: marshal(key) } }))
    await inBatches(this.#clock, requests, writeBatch, async (wanted) => {
      const command = new BatchWriteItemCommand({ RequestItems: { [this.name]: wanted } })
      const { UnprocessedItems } = await asUnavailable(() => this.#client.send(command))
      return UnprocessedItems?.[this.name] ?? []
    })
  }

  /** What one query hands out at once: at most its limit, and at most a megabyte. */
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

  /** Items of a query, page after page, until the caller stops asking. */
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

const answerOld = { ReturnValues: 'ALL_OLD', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

/** Sends all parts, so many at a time; `send` answers those that were left undone. */
async function inBatches<Part>(
  clock: Waiting,
  parts: Part[],
  size: number,
  send: (batch: Part[]) => Promise<Part[]>,
): Promise<void> {
  for (let at = 0; at < parts.length; at += size) {
    let wanted = parts.slice(at, at + size)
    for (let round = 0; wanted.length > 0; round++) {
      if (round === mostRounds) throw unavailable()
      if (round > 0) await backOff(clock, round)
      wanted = await send(wanted)
    }
  }
}
