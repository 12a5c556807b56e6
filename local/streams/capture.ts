import { refusal } from '../answers.ts'
import type { Reply, Send } from '../dynamodb/forward.ts'
import { type Json, list, object, parse } from '../json.ts'
import { locks } from './locks.ts'
import type { Streams } from './start.ts'
import type { Stream } from './stream.ts'
import { type Write, writesOf } from './writes.ts'

const { status, body } = refusal(400, 'ValidationException', 'The local run records no statements in its streams.')
const unknownWrites: Reply = { status, body: Buffer.from(body) }

export interface Request {
  operation: string
  /** The operation with its version, as the header says. */
  target: string
  input: Json
  body: string
}

/**
 * Records what writes do to tables with a stream. The writes of one partition key go one after the other, so that
 * their records come in the order in which the database has them.
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

  /** One item that is replaced or removed: the answer itself can tell what was there. */
  async function replaced(write: Write, { target, input, body }: Request): Promise<Reply> {
    const asked = input.ReturnValues === 'ALL_OLD'
    const reply = await send(target, asked ? body : askingForOld(body, input))
    if (reply.status !== 200) return reply
    const { Attributes, ...answer }: Json = reply.body.includes('"Attributes"')
      ? object(parse(reply.body.toString()))
      : {}
    const before = Attributes === undefined ? undefined : object(Attributes)
    write.stream.append({ key: write.key, before, after: write.item })
    return asked || !before ? reply : { status: 200, body: Buffer.from(JSON.stringify(answer)) }
  }

  async function compared(writes: Write[], { target, body, operation }: Request): Promise<Reply> {
    const before = await images(writes, target)
    const reply = await send(target, body)
    if (reply.status !== 200) return reply
    // Of a batch the database may have left some out; whatever it was, the items tell.
    const known = writes.every(({ kind }) => kind !== 'Update') && operation !== 'BatchWriteItem'
    const after = known ? writes.map(({ item }) => item) : await images(writes, target)
    for (const [at, { stream, key }] of writes.entries()) {
      stream.append({ key, before: before[at], after: after[at] })
    }
    return reply
  }

  return async (request: Request): Promise<Reply> => {
    const writes = writesOf(request.operation, request.input, streams.ofTable)
    const [first] = writes
    // Which items a statement writes, only the database can tell.
    if (/^(Batch)?Execute/.test(request.operation) && streams.all.length > 0) return unknownWrites
    if (!first) return send(request.target, request.body)
    const open = await lock(writes.map(({ stream, key }) => `${stream.table} ${partitionOf(stream, key)}`))
    try {
      const alone = list(request.input.TransactItems).length === 0 && request.operation !== 'BatchWriteItem'
      return alone && first.kind !== 'Update' ? await replaced(first, request) : await compared(writes, request)
    } finally {
      open()
    }
  }
}

function askingForOld(body: string, input: Json): string {
  if ('ReturnValues' in input) return JSON.stringify({ ...input, ReturnValues: 'ALL_OLD' })
  return body.replace('{', '{"ReturnValues":"ALL_OLD",')
}

const partitionOf = (stream: Stream, key: Json) => JSON.stringify(key[stream.keyNames[0] ?? ''])
