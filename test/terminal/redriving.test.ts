import type { _Record } from '@aws-sdk/client-dynamodb-streams'
import type { Clock } from '../../client/index.ts'
import { recordsOf, type StreamBatch } from '../../terminal/redrive/batch.ts'
import { redeliver } from '../../terminal/redrive/redeliver.ts'
import { ManualClock } from '../client/manual-clock.ts'
import { capturedOutput } from '../support/captured-output.ts'

const batch: StreamBatch = { streamArn: 'arn', shardId: 'shard', startSequenceNumber: '900', endSequenceNumber: '1100' }

const record = (sequence: number, seq = sequence): _Record => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: String(sequence),
    Keys: { roomId: { S: 'lobby' }, seq: { N: String(seq) } },
    NewImage: { broadcast: { S: '' } },
  },
})

interface Asking {
  input: { ShardIterator?: string }
}

/** A client of AWS with replies from the test. */
const answering = (answer: (input: Record<string, unknown>, name: string) => object) => ({
  send: (async (command: Asking & { constructor: { name: string } }) =>
    answer({ ...command.input }, command.constructor.name)) as never,
})

/** A shard with these pages. After them it is closed or, if `isOpen`, stays empty. */
function shard(pages: readonly (readonly _Record[])[], isOpen = false) {
  const asked: unknown[] = []
  const iterator = (at: number) => (at < pages.length || isOpen ? String(at) : undefined)
  const streams = answering((input, name) => {
    if (name === 'GetShardIteratorCommand') return { ShardIterator: iterator(0) }
    asked.push(input.ShardIterator)
    const at = Number(input.ShardIterator)
    return { Records: [...(pages[at] ?? [])], NextShardIterator: iterator(at + 1) }
  })
  return { streams, asked }
}

async function found(pages: readonly (readonly _Record[])[], isOpen = false) {
  const clock = new ManualClock()
  const { streams, asked } = shard(pages, isOpen)
  let result: string[] | Error | undefined
  void recordsOf(batch, { streams, clock }).then(
    (records) => {
      result = records.map(({ dynamodb }) => String(dynamodb?.SequenceNumber))
    },
    (error: Error) => {
      result = error
    },
  )
  const started = clock.now()
  while (result === undefined) await clock.pass(250)
  return { result, asked: asked.length, waitedMs: clock.now() - started }
}

describe('the records of a batch', () => {
  test('are found after empty pages, with a wait for each', async () => {
    const { result, asked, waitedMs } = await found([
      [],
      [record(900)],
      [],
      [],
      [record(1000), record(1100), record(1200)],
    ])
    expect(result).toEqual(['900', '1000', '1100'])
    expect(asked).toBe(5)
    expect(waitedMs).toBeGreaterThanOrEqual(750)
  })

  test('end with the batch, and later pages are not read', async () => {
    expect(await found([[record(900), record(1100)], [record(1200)]])).toMatchObject({
      result: ['900', '1100'],
      asked: 1,
    })
  })

  test('end at a later record if the last one of the batch is missing', async () => {
    expect((await found([[record(900)], [record(1200)]], true)).result).toEqual(['900'])
  })

  test('are reported as lost if the shard ends without them', async () => {
    const gone = new Error('The stream does not have all of these records any more.')
    expect((await found([[], []])).result).toEqual(gone)
    expect((await found([[record(900)]])).result).toEqual(gone)
    expect((await found([[record(1000), record(1100)]])).result).toEqual(gone)
  })

  test('are abandoned after 50 empty pages of an open shard', async () => {
    const { result, asked } = await found([[record(900)]], true)
    expect(String(result)).toMatch(/The stream returned 50 empty pages without these records; try again later\./)
    expect(asked).toBe(51)
  })
})

interface Letter {
  MessageId: string
  Body: string
}

/** Redelivers the dead letters of a queue. The worker fails for the rooms in `fails`. */
async function redelivered(
  letters: readonly Letter[],
  { fails = [], isJson = false }: { fails?: string[]; isJson?: boolean } = {},
) {
  const { output, printed } = capturedOutput(isJson)
  const removed: unknown[] = []
  const orders: { roomId: string }[] = []
  const calls: object[] = []
  let asked = 0
  const queues = answering((input, name) => {
    if (name === 'DeleteMessageCommand') removed.push(input.ReceiptHandle)
    // Dead letters that stay in the queue are received again.
    else return { Messages: letters.map((letter) => ({ ...letter, ReceiptHandle: `${letter.MessageId} ${++asked}` })) }
    return {}
  })
  const lambda = answering(({ Payload, ...call }) => {
    const order: { roomId: string } = JSON.parse(String(Payload))
    orders.push(order)
    calls.push({ ...call, payload: order })
    const isRefused = fails.includes(order.roomId)
    return { Payload: Buffer.from('{"delivered":2}'), ...(isRefused && { FunctionError: 'Unhandled' }) }
  })
  const { streams } = shard([[], [record(900, 4), record(1000, 5), record(1100, 9)]])
  const clock: Clock = {
    now: () => 0,
    after(_, run) {
      const timer = setImmediate(run)
      return () => clearImmediate(timer)
    },
  }
  const counts = await redeliver({ queue: 'queue', worker: 'worker' }, { queues, lambda, streams, clock }, output)
  return { counts, removed, orders, calls, ...printed() }
}

const letter = (MessageId: string, body: unknown): Letter => ({
  MessageId,
  Body: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('a redelivery', () => {
  test('calls a review or a job again, without a wait for its end', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function'
    const job = { roomId: 'a', reason: 'revoked' }
    const delivery = { roomId: 'b', first: 1, last: 2, part: {} }
    const { counts, calls, removed } = await redelivered([
      letter('one', { requestPayload: job, requestContext: { functionArn: `${arn}:Chat-Review-1:$LATEST` } }),
      letter('two', { requestPayload: delivery, requestContext: { functionArn: `${arn}:worker:$LATEST` } }),
    ])
    expect(counts).toEqual({ delivered: 2, kept: 0 })
    expect(calls).toEqual([
      { FunctionName: 'Chat-Review-1', InvocationType: 'Event', payload: job },
      { FunctionName: 'worker', payload: delivery },
    ])
    expect(removed).toEqual(['one 1', 'two 2'])
  })

  test('delivers the messages of each dead letter and deletes it from the queue', async () => {
    const delivery = { roomId: 'a', first: 1, last: 2, part: {} }
    const { counts, orders, removed, out } = await redelivered([
      letter('one', { requestPayload: delivery }),
      letter('two', { roomId: 'b', seq: 7, reason: 'unreadable' }),
      letter('three', { DDBStreamBatchInfo: batch }),
    ])
    expect(counts).toEqual({ delivered: 3, kept: 0 })
    expect(orders).toEqual([
      delivery,
      { roomId: 'b', first: 7, last: 7, part: {} },
      { roomId: 'lobby', first: 4, last: 5, part: {} },
      { roomId: 'lobby', first: 9, last: 9, part: {} },
    ])
    expect(removed).toEqual(['one 1', 'two 2', 'three 3'])
    expect(out).toContain('room b, 7 to 7: {"delivered":2}\n')
  })

  test.each([
    ['is no JSON', '{"reason":', 'It is no JSON.'],
    ['is no object', 'null', 'It names no room and no records.'],
    ['names nothing', { reason: 'unreadable' }, 'It names no room and no position.'],
    ['cannot be delivered', { roomId: 'dead', seq: 1, reason: 'x' }, 'room dead, 1 to 1: {"delivered":2}'],
  ])('keeps a dead letter that %s in the queue, names it and continues', async (_, body, why) => {
    const { counts, removed, error } = await redelivered(
      [letter('bad', body), letter('good', { roomId: 'b', seq: 7, reason: 'x' })],
      { fails: ['dead'] },
    )
    expect(counts).toEqual({ delivered: 1, kept: 1 })
    expect(removed).toEqual(['good 2'])
    expect(error).toBe(`letter bad: It stays in the queue: ${why}\n`)
  })

  test('prints JSON lines for programs', async () => {
    const { out, error } = await redelivered(
      [letter('bad', '{'), letter('good', { roomId: 'b', seq: 7, reason: 'x' })],
      {
        isJson: true,
      },
    )
    expect(JSON.parse(out)).toEqual({ roomId: 'b', first: 7, last: 7, reply: '{"delivered":2}' })
    expect(JSON.parse(error)).toEqual({
      error: { code: 'kept', message: 'It stays in the queue: It is no JSON.' },
      letter: 'bad',
    })
  })
})
