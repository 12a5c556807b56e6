import { CfnEventInvokeConfig, CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { broadcastAttribute, env } from '../lambdas/bindings.ts'
import { allow, type ChatFunction, type ChatFunctionProps } from './function.ts'
import { broadcast, deliver, type FunctionSpec } from './routes.ts'
import type { Settings } from './settings.ts'
import type { ChatTables } from './tables.ts'

/** A message that nobody could hand on is no news after this: its readers have found the gap long ago. */
const freshSeconds = 600

export interface LargeRoomsProps {
  tables: ChatTables
  settings: Settings
  environment: Record<string, string>
  makeFunction(
    line: FunctionSpec,
    description: string,
    environment: Record<string, string>,
    more: Pick<ChatFunctionProps, 'rights' | 'reserved'>,
  ): ChatFunction
}

/** Delivery where a sender would have to wait too long: the log's stream, a broadcast, its workers, and a queue for the rest. */
export class LargeRooms extends Construct {
  /** URL of the queue. */
  readonly undeliveredQueue: string
  /** Name of the workers' function. */
  readonly deliverFunction: string

  constructor(scope: Construct, id: string, { tables, settings, environment, makeFunction }: LargeRoomsProps) {
    super(scope, id)
    const undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const keep = allow(['sqs:SendMessage'], undelivered.queueArn)
    const worker = makeFunction(deliver, 'Hands messages to one part of a large room', environment, {
      rights: [keep],
      reserved: settings.workers === 0 ? undefined : settings.workers,
    })
    new CfnEventInvokeConfig(this, 'Orders', {
      functionName: worker.name,
      qualifier: '$LATEST',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: freshSeconds,
      destinationConfig: { onFailure: { destination: undelivered.queueArn } },
    })

    const stream = tables.messages.tableStreamArn ?? ''
    const told = {
      ...environment,
      [env.deliverFunction]: worker.name,
      [env.undeliveredQueue]: undelivered.queueUrl,
      [env.postsPerSecond]: String(settings.postsPerSecond),
    }
    const caller = makeFunction(broadcast, 'Hands on what is said in large rooms', told, {
      rights: [
        keep,
        allow(['lambda:InvokeFunction'], worker.arn),
        allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], stream),
        allow(['dynamodb:ListStreams'], `${tables.messages.tableArn}/stream/*`),
      ],
    })
    this.#feed(caller, stream, undelivered)
    this.undeliveredQueue = undelivered.queueUrl
    this.deliverFunction = worker.name
  }

  /** What is said in rooms that are not large passes the filter by: it invokes nothing and costs nothing. */
  #feed(caller: ChatFunction, stream: string, undelivered: IQueue): void {
    const marked = {
      eventName: ['INSERT'],
      dynamodb: { NewImage: { [broadcastAttribute]: { S: [{ exists: true }] } } },
    }
    new CfnEventSourceMapping(this, 'Stream', {
      functionName: caller.arn,
      eventSourceArn: stream,
      startingPosition: 'TRIM_HORIZON',
      filterCriteria: { filters: [{ pattern: JSON.stringify(marked) }] },
      batchSize: 100,
      // A quiet room waits for nobody; what waits together does so because an earlier batch is under way.
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 4,
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: freshSeconds,
      destinationConfig: { onFailure: { destination: undelivered.queueArn } },
    })
  }
}
