import {
  type _Record,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { type Delivery, stretches } from '../lambdas/domain/delivery.ts'

/** What lies in the queue of what was not delivered. */
export type Letter =
  /** Lambda gave up on a worker. */
  | { requestPayload: Delivery }
  /** The event source gave up on records of the stream, which it names. */
  | { DDBStreamBatchInfo: Batch }
  /** A broadcast could not read a record. */
  | { reason: string; roomId?: string; seq?: number }

interface Batch {
  streamArn: string
  shardId: string
  startSequenceNumber: string
  endSequenceNumber: string
}

/** What is to be delivered again, and to whom. Empty when the letter does not say. */
export async function ordersIn(letter: Letter, streams: DynamoDBStreamsClient): Promise<Delivery[]> {
  if ('requestPayload' in letter) return [letter.requestPayload]
  if (!('DDBStreamBatchInfo' in letter)) {
    const { roomId, seq } = letter
    return roomId === undefined || seq === undefined ? [] : [{ roomId, first: seq, last: seq, part: {} }]
  }
  const waiting = (await recordsOf(letter.DDBStreamBatchInfo, streams)).flatMap(({ eventName, dynamodb }) => {
    const { Keys, NewImage } = dynamodb ?? {}
    const [roomId, seq] = [Keys?.roomId?.S, Number(Keys?.seq?.N)]
    return eventName === 'INSERT' && NewImage?.broadcast && roomId !== undefined ? [{ roomId, seq }] : []
  })
  return [...stretches(waiting)].flatMap(([roomId, found]) =>
    found.map(([first, last]) => ({ roomId, first, last, part: {} })),
  )
}

/** The records of a batch, as long as their stream has them, which is a day. */
async function recordsOf(batch: Batch, streams: DynamoDBStreamsClient): Promise<_Record[]> {
  const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber, endSequenceNumber } = batch
  const start = { StreamArn, ShardId, SequenceNumber, ShardIteratorType: 'AT_SEQUENCE_NUMBER' } as const
  let iterator = (await streams.send(new GetShardIteratorCommand(start))).ShardIterator
  const records: _Record[] = []
  while (iterator) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }))
    for (const record of Records) {
      records.push(record)
      if (record.dynamodb?.SequenceNumber === endSequenceNumber) return records
    }
    if (Records.length === 0) break
    iterator = NextShardIterator
  }
  throw new Error('The stream does not have these records any more.')
}
