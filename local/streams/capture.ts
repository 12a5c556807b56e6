import type { DynamoResponse, Send } from '../dynamodb/forward.ts'
import { awsError } from '../http-response.ts'
import { type Json, list, object, parse } from '../json.ts'
import { locks } from './locks.ts'
import type { Streams } from './start.ts'
import type { Stream } from './stream.ts'
import { type Write, writesOf } from './writes.ts'

const { status, body } = awsError(400, 'ValidationException', 'The local run records no statements in its streams.')
const statementsRefused: DynamoResponse = { status, body: Buffer.from(body) }

export interface Request {
  operation: string
  /** The operation with the version of the API, as in the header `x-amz-target`. */
  target: string
  input: Json
  body: string
}

/**
 * Sends requests to the database and appends the changes of each write to the stream of its table. Writes to the same
 * partition key run one after the other, so that their records have the order of the writes.
 */
export function capture(send: Send, streams: Streams) {
  const lock = locks()

  async function images(writes: Write[], target: string): Promise<(Json | undefined)[]> {
    const name = target.replace(/\..*/, '.GetItem')
    return Promise.all(
      writes.map(async ({ stream, key }) => {
        const input = { TableName: stream.table, Key: key, ConsistentRead: true }
        const { Item } = object(parse((await send(name, JSON.stringify(input))).body.toString()))
        return Item === undefined ? undefined : object(Item)
      }),
    )
  }

  /** Executes a write that replaces or deletes one item: the response itself can contain the old item. */
  async function executeReturningOld(write: Write, { target, input, body }: Request): Promise<DynamoResponse> {
    const isRequested = input.ReturnValues === 'ALL_OLD'
    const reply = await send(target, isRequested ? body : withReturnValues(body, input))
    if (reply.status !== 200) return reply
    const { Attributes, ...answer }: Json = reply.body.includes('"Attributes"')
      ? object(parse(reply.body.toString()))
      : {}
    const before = Attributes === undefined ? undefined : object(Attributes)
    write.stream.append({ key: write.key, before, after: write.item })
    return isRequested || !before ? reply : { status: 200, body: Buffer.from(JSON.stringify(answer)) }
  }

  /** Executes other writes, and reads the items before and, where necessary, after them. */
  async function executeBetweenReads(writes: Write[], { target, body, operation }: Request): Promise<DynamoResponse> {
    const before = await images(writes, target)
    const reply = await send(target, body)
    if (reply.status !== 200) return reply
    // The result of an update, and which writes of a batch were executed, can only be read from the items.
    const isKnown = writes.every(({ kind }) => kind !== 'Update') && operation !== 'BatchWriteItem'
    const after = isKnown ? writes.map(({ item }) => item) : await images(writes, target)
    for (const [at, { stream, key }] of writes.entries()) {
      stream.append({ key, before: before[at], after: after[at] })
    }
    return reply
  }

  return async (request: Request): Promise<DynamoResponse> => {
    const writes = writesOf(request.operation, request.input, streams.ofTable)
    const [first] = writes
    // The items that a statement writes cannot be read from the request.
    if (/^(Batch)?Execute/.test(request.operation) && streams.all.length > 0) return statementsRefused
    if (!first) return send(request.target, request.body)
    const unlock = await lock(writes.map(({ stream, key }) => `${stream.table} ${partitionOf(stream, key)}`))
    try {
      const isSingle = list(request.input.TransactItems).length === 0 && request.operation !== 'BatchWriteItem'
      return isSingle && first.kind !== 'Update'
        ? await executeReturningOld(first, request)
        : await executeBetweenReads(writes, request)
    } finally {
      unlock()
    }
  }
}

function withReturnValues(body: string, input: Json): string {
  if ('ReturnValues' in input) return JSON.stringify({ ...input, ReturnValues: 'ALL_OLD' })
  return body.replace('{', '{"ReturnValues":"ALL_OLD",')
}

const partitionOf = (stream: Stream, key: Json) => JSON.stringify(key[stream.keyNames[0] ?? ''])
