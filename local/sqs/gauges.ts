import type { MetricId } from '../cloudwatch/store.ts'
import type { Queues } from './start.ts'

/** What SQS publishes of its queues each minute. */
export const queueGauges = (queues: Queues): (MetricId & { value: number })[] =>
  queues.all().map(({ definition: { name }, counts }) => ({
    namespace: 'AWS/SQS',
    name: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: name },
    value: counts().visible,
  }))
