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

/** The key that DynamoDB owns is free; a key of one's own costs by the month and by the call. */
const common = {
  billing: Billing.onDemand(),
  encryption: TableEncryptionV2.dynamoOwnedKey(),
} satisfies Partial<TablePropsV2>

/** What people wrote outlives the stack: deleting it leaves these tables behind, and they refuse to be deleted. */
const kept = {
  ...common,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies Partial<TablePropsV2>

export class ChatTables extends Construct {
  /** Connections and who is in which room: nothing in it outlives a connection. */
  readonly sessions: TableV2
  readonly rooms: TableV2
  readonly messages: TableV2
  /** Who came, went, searched, was granted or removed: the compliance record. */
  readonly records: TableV2

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
          // A directory page is read from the index alone, so a room's whole card is in it.
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
  }
}
