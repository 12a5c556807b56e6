import {
  type _Record,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import type { Clock } from '../../client/index.ts'
import { pause } from '../pause.ts'

/** Records of one shard of a stream, from one sequence number to another, both included. */
export interface StreamBatch {
  streamArn: string
  shardId: string
  startSequenceNumber: string
  endSequenceNumber: string
}

/** A client of the streams, and the clock for the pauses between two requests. */
export interface StreamSource {
  streams: Pick<DynamoDBStreamsClient, 'send'>
  clock: Clock
}

/** A page may be empty although others follow. An open shard without new records returns empty pages for ever. */
const maxEmptyPages = 50

/** A shard may be read five times per second. */
const emptyPauseMs = 250

/**
 * The records of a batch. A stream keeps them for a day. The shard is read until the batch or the shard ends, or until
 * too many pages in a row are empty.
 */
export async function recordsOf(batch: StreamBatch, { streams, clock }: StreamSource): Promise<_Record[]> {
  const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber } = batch
  const start = { StreamArn, ShardId, SequenceNumber, ShardIteratorType: 'AT_SEQUENCE_NUMBER' } as const
  const [first, last] = [BigInt(batch.startSequenceNumber), BigInt(batch.endSequenceNumber)]
  let iterator = (await streams.send(new GetShardIteratorCommand(start))).ShardIterator
  const found: _Record[] = []
  let empty = 0
  while (iterator && empty < maxEmptyPages) {
    if (empty > 0) await pause(clock, emptyPauseMs)
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }))
    empty = Records.length === 0 ? empty + 1 : 0
    for (const record of Records) {
      const at = BigInt(record.dynamodb?.SequenceNumber ?? 0)
      if (at >= first && at <= last) found.push(record)
      if (at >= last) return complete(found, batch)
    }
    iterator = NextShardIterator
  }
  if (iterator)
    throw new Error(`The stream returned ${maxEmptyPages} empty pages without these records; try again later.`)
  return complete([], batch)
}

/** A stream deletes its oldest records first. If it has the first record of the batch, it has all of them. */
function complete(found: _Record[], { startSequenceNumber }: StreamBatch): _Record[] {
  if (found[0]?.dynamodb?.SequenceNumber === startSequenceNumber) return found
  throw new Error('The stream does not have all of these records any more.')
}
