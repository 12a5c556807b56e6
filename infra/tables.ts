import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import { RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { index, key, logKey, timeToLive } from '../lambdas/bindings.ts'

const text = (name: string) => ({ name, type: AttributeType.STRING })

/** The key that DynamoDB owns is free; a customer's key costs money per month and per call. */
const common = {
  billing: Billing.onDemand(),
  encryption: TableEncryptionV2.dynamoOwnedKey(),
} satisfies Partial<TablePropsV2>

/** Tables with data of users: they stay when the stack is deleted, and must be unprotected before they can be deleted. */
const kept = {
  ...common,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies Partial<TablePropsV2>

/** The five tables. */
export class ChatTables extends Construct {
  /** Connections and the sessions of rooms. No item is needed after its connection has closed. */
  readonly sessions: TableV2
  /** Rooms, categories, grants, invitations, profiles and preferences. */
  readonly rooms: TableV2
  /** The log of every room. */
  readonly messages: TableV2
  /** The compliance record: joins, leaves, searches, grants and removals. */
  readonly records: TableV2
  /** What users have spent in a minute and created on a day, and the key of cursors, which is made again if it is lost. */
  readonly budgets: TableV2

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.sessions = new TableV2(this, 'Sessions', {
      ...common,
      partitionKey: text(key.partition),
      sortKey: text(key.sort),
      timeToLiveAttribute: timeToLive,
      removalPolicy: RemovalPolicy.DESTROY,
      globalSecondaryIndexes: [
        {
          indexName: index.byUser.name,
          partitionKey: text(index.byUser.partition),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    })
    this.rooms = new TableV2(this, 'Rooms', {
      ...kept,
      partitionKey: text(key.partition),
      sortKey: text(key.sort),
      globalSecondaryIndexes: [
        {
          // A page of the directory is read from this index alone, so the index holds all attributes.
          indexName: index.byCategory.name,
          partitionKey: text(index.byCategory.partition),
          sortKey: text(key.partition),
          projectionType: ProjectionType.ALL,
        },
        {
          indexName: index.byPrincipal.name,
          partitionKey: text(index.byPrincipal.partition),
          sortKey: text(key.partition),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    })
    this.messages = new TableV2(this, 'Messages', {
      ...kept,
      partitionKey: text(logKey.partition),
      sortKey: { name: logKey.sort, type: AttributeType.NUMBER },
      dynamoStream: StreamViewType.NEW_IMAGE,
    })
    this.records = new TableV2(this, 'Records', {
      ...kept,
      partitionKey: text(key.partition),
      sortKey: text(key.sort),
    })
    this.budgets = new TableV2(this, 'Budgets', {
      ...common,
      partitionKey: text(key.partition),
      sortKey: text(key.sort),
      timeToLiveAttribute: timeToLive,
      removalPolicy: RemovalPolicy.DESTROY,
    })
  }
}
