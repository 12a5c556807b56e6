import {
  AttributeType,
  Billing,
  CfnGlobalTable,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { index, key, logKey, timeToLive } from '../lambdas/bindings.ts'
import type { CompleteResources } from './resource-settings.ts'

const text = (name: string) => ({ name, type: AttributeType.STRING })

/**
 * What becomes of data of users with the stack. A protected table cannot be deleted by CloudFormation either, which
 * would leave a failed first deployment half undone; without protection, such a table goes, and any later one stays.
 */
export const removalOf = ({ removal, protect }: Pick<CompleteResources, 'removal' | 'protect'>) => ({
  deletionProtection: protect,
  removalPolicy: removal === 'keep' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
})

/**
 * The key that DynamoDB owns is free; a customer's key costs money per month and per call. CDK names a key only for a
 * Region that it knows.
 */
function encryptionOf(scope: Construct, key: IKey | undefined): TableEncryptionV2 {
  if (key === undefined || Token.isUnresolved(Stack.of(scope).region)) return TableEncryptionV2.dynamoOwnedKey()
  return TableEncryptionV2.customerManagedKey(key)
}

/** A table of one Region has one replica, whatever that Region is. */
function useKeyAnywhere({ node }: TableV2, { keyArn }: IKey): void {
  const { defaultChild } = node
  if (!(defaultChild instanceof CfnGlobalTable)) throw new Error(`${node.path} is not a table of CloudFormation.`)
  defaultChild.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' })
  defaultChild.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: keyArn })
}

/** The tables, by their names in the construct. */
export const tableNames = ['sessions', 'rooms', 'messages', 'records', 'budgets'] as const

/** The five tables: those that exist already, by their names, and those that the chat creates. */
export class ChatTables extends Construct {
  /** Connections and the sessions of rooms. No item is needed after its connection has closed. */
  readonly sessions: ITableV2
  /** Rooms, categories, grants, invitations, profiles and preferences. */
  readonly rooms: ITableV2
  /** The log of every room. */
  readonly messages: ITableV2
  /** The compliance record: joins, leaves, searches, grants and removals. */
  readonly records: ITableV2
  /** What users have spent in a minute and created on a day, and the key of cursors, which is made again if it is lost. */
  readonly budgets: ITableV2

  constructor(scope: Construct, id: string, resources: CompleteResources) {
    super(scope, id)
    const { tables: existing, encryptionKey } = resources
    const common = {
      billing: Billing.onDemand(),
      encryption: encryptionOf(this, encryptionKey),
    } satisfies Partial<TablePropsV2>
    const kept = {
      ...common,
      ...removalOf(resources),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    } satisfies Partial<TablePropsV2>
    const table = (name: string | undefined, id: string, props: TablePropsV2, tableStreamArn?: string): ITableV2 => {
      if (name !== undefined)
        return TableV2.fromTableAttributes(this, id, { tableName: name, ...(tableStreamArn && { tableStreamArn }) })
      const created = new TableV2(this, id, props)
      if (encryptionKey && !created.encryptionKey) useKeyAnywhere(created, encryptionKey)
      // The class differs from its interface only in optional properties that may be undefined.
      return created as ITableV2
    }

    this.sessions = table(existing.sessions, 'Sessions', {
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
    this.rooms = table(existing.rooms, 'Rooms', {
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
    this.messages = table(
      existing.messages,
      'Messages',
      {
        ...kept,
        partitionKey: text(logKey.partition),
        sortKey: { name: logKey.sort, type: AttributeType.NUMBER },
        dynamoStream: StreamViewType.NEW_IMAGE,
      },
      existing.messagesStream,
    )
    this.records = table(existing.records, 'Records', {
      ...kept,
      partitionKey: text(key.partition),
      sortKey: text(key.sort),
    })
    this.budgets = table(existing.budgets, 'Budgets', {
      ...common,
      partitionKey: text(key.partition),
      sortKey: text(key.sort),
      timeToLiveAttribute: timeToLive,
      removalPolicy: RemovalPolicy.DESTROY,
    })
  }
}
