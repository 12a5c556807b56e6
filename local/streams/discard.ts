import { randomUUID } from 'node:crypto'
import { contextOf, type Outcome } from '../lambda/environment.ts'
import type { EventSource } from '../template/event-sources.ts'
import type { Kept, Stream } from './stream.ts'

/** What a destination is told of records that were given up: where they are, not what they hold. */
export function discardOf(given: {
  source: EventSource
  stream: Stream
  batch: Kept[]
  condition: string
  invoked: number
  now: number
  last: Outcome | undefined
}) {
  const { source, stream, batch, condition, invoked, now, last } = given
  const [first, final] = [batch[0], batch.at(-1)]
  const second = (kept: Kept | undefined) => `${new Date(kept?.at ?? now).toISOString().slice(0, 19)}Z`
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: source.function,
      condition,
      approximateInvokeCount: invoked,
    },
    ...(last && { responseContext: contextOf(last) }),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: stream.shard,
      startSequenceNumber: first?.sequence,
      endSequenceNumber: final?.sequence,
      approximateArrivalOfFirstRecord: second(first),
      approximateArrivalOfLastRecord: second(final),
      batchSize: batch.length,
      streamArn: stream.arn,
    },
  }
}
