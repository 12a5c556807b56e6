import { randomUUID } from 'node:crypto'
import { contextOf, type InvocationResult } from '../lambda/environment.ts'
import type { EventSource } from '../template/event-sources.ts'
import type { StoredRecord, Stream } from './stream.ts'

/** The record about a discarded batch for a destination: the positions of its records, not their content. */
export function discardRecord(options: {
  source: EventSource
  stream: Stream
  batch: StoredRecord[]
  condition: string
  invoked: number
  now: number
  last: InvocationResult | undefined
}) {
  const { source, stream, batch, condition, invoked, now, last } = options
  const [first, final] = [batch[0], batch.at(-1)]
  const arrival = (stored: StoredRecord | undefined) => `${new Date(stored?.at ?? now).toISOString().slice(0, 19)}Z`
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
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(final),
      batchSize: batch.length,
      streamArn: stream.arn,
    },
  }
}
