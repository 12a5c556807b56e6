import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { broadcastAttribute, env } from '../lambdas/bindings.ts'
import { type DeadLetterQueue, functionWithKeptCalls } from './dead-letters.ts'
import { useOfKey } from './encryption.ts'
import { allow, type MakeFunction, mayStart } from './function.ts'
import { broadcast, deliver } from './functions.ts'
import type { CompleteResources } from './resource-settings.ts'
import type { CompleteSettings } from './settings.ts'
import type { ChatTables } from './tables.ts'

/** Seconds for which a message is worth a retry. Later, clients have noticed the gap and fetched the message. */
const retrySeconds = 600

export interface LargeRoomsProps {
  tables: ChatTables
  settings: CompleteSettings
  resources: CompleteResources
  /** Environment variables of both functions. */
  environment: Record<string, string>
  makeFunction: MakeFunction
}

/**
 * Delivery in rooms that are too large for the sender's call: the stream of the log invokes `broadcast`, which starts
 * workers (`deliver`). A queue keeps what could not be delivered.
 */
export class LargeRooms extends Construct {
  /** For what could not be delivered here, and for other work without a client that waits for it. */
  readonly deadLetters: DeadLetterQueue
  readonly deliverFunction: IFunction

  constructor(
    scope: Construct,
    id: string,
    { tables, settings, resources, environment, makeFunction }: LargeRoomsProps,
  ) {
    super(scope, id)
    const { encryptionKey } = resources
    const undelivered = new Queue(this, 'Undelivered', {
      ...(encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const mayQueue = [
      allow(['sqs:SendMessage'], undelivered.queueArn),
      ...(encryptionKey ? [useOfKey(this, encryptionKey, 'sqs', ['GenerateDataKey', 'Decrypt'])] : []),
    ]
    this.deadLetters = { queue: undelivered, rights: mayQueue }
    const behind = { environment, deadLetters: this.deadLetters, makeFunction }
    const worker = functionWithKeptCalls(this, behind, {
      id: 'Orders',
      spec: deliver,
      description: 'Hands messages to one part of a large room',
      withinSeconds: retrySeconds,
      reserved: settings.workers === 0 ? undefined : settings.workers,
    })

    const stream = tables.messages.tableStreamArn ?? ''
    const broadcastEnvironment = {
      ...environment,
      [env.deliverFunction]: worker.functionName,
      [env.undeliveredQueue]: undelivered.queueUrl,
      [env.postsPerSecond]: String(settings.postsPerSecond),
    }
    const broadcaster = makeFunction(broadcast, 'Hands on what is said in large rooms', broadcastEnvironment, {
      rights: [
        ...mayQueue,
        mayStart(worker),
        allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], stream),
        allow(['dynamodb:ListStreams'], `${tables.messages.tableArn}/stream/*`),
      ],
    }).lambda
    this.#invokeFromStream(broadcaster, stream, undelivered)
    this.deliverFunction = worker
  }

  /** The filter passes only entries of large rooms, so all other entries invoke nothing and cost nothing. */
  #invokeFromStream(broadcaster: IFunction, stream: string, undelivered: IQueue): void {
    const filter = {
      eventName: ['INSERT'],
      dynamodb: { NewImage: { [broadcastAttribute]: { S: [{ exists: true }] } } },
    }
    new CfnEventSourceMapping(this, 'Stream', {
      functionName: broadcaster.functionArn,
      eventSourceArn: stream,
      startingPosition: 'TRIM_HORIZON',
      filterCriteria: { filters: [{ pattern: JSON.stringify(filter) }] },
      batchSize: 100,
      // No wait for a fuller batch: entries come together only while an earlier batch is processed.
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 4,
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: retrySeconds,
      destinationConfig: { onFailure: { destination: undelivered.queueArn } },
    })
  }
}
