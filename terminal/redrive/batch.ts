import {
  type _Record,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import type { Clock } from '../../client/clock.ts'
import { pause } from '../pause.ts'

/** Records of one shard of a stream, from one sequence number to another, both included. */
export interface Batch {
  streamArn: string
  shardId: string
  startSequenceNumber: string
  endSequenceNumber: string
}

/** A client of the streams, and the clock for the pauses between two requests. */
export interface Source {
  streams: Pick<DynamoDBStreamsClient, 'send'>
  clock: Clock
}

/** A page may be empty although more follow. A shard to which nothing comes any more answers empty pages for ever. */
const mostEmptyPages = 50

/** A shard may be read five times a second. */
const emptyPauseMs = 250

/**
 * The records of a batch, as long as their stream has them, which is a day. It reads on over empty pages until it has
 * come to the end of the batch, the shard has ended, or so many pages were empty one after the other.
 */
export async function recordsOf(batch: Batch, { streams, clock }: Source): Promise<_Record[]> {
  const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber } = batch
  const start = { StreamArn, ShardId, SequenceNumber, ShardIteratorType: 'AT_SEQUENCE_NUMBER' } as const
  const [first, last] = [BigInt(batch.startSequenceNumber), BigInt(batch.endSequenceNumber)]
  let iterator = (await streams.send(new GetShardIteratorCommand(start))).ShardIterator
  const found: _Record[] = []
  let empty = 0
  while (iterator && empty < mostEmptyPages) {
    if (empty > 0) await pause(clock, emptyPauseMs)
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }))
    empty = Records.length === 0 ? empty + 1 : 0
    for (const record of Records) {
      const at = BigInt(record.dynamodb?.SequenceNumber ?? 0)
      if (at >= first && at <= last) found.push(record)
      if (at >= last) return whole(found, batch)
    }
    iterator = NextShardIterator
  }
  if (iterator)
    throw new Error(`The stream answered ${mostEmptyPages} empty pages and not these records; try again later.`)
  return whole([], batch)
}

/** A stream drops its oldest records first: where the first one of the batch is there, all are. */
function whole(found: _Record[], { startSequenceNumber }: Batch): _Record[] {
  if (found[0]?.dynamodb?.SequenceNumber === startSequenceNumber) return found
  throw new Error('The stream does not have all of these records any more.')
}
