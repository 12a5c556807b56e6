import { byId, propertiesOf, readStack } from './stack.ts'

const template = readStack()
const tables = byId(template, 'AWS::DynamoDB::GlobalTable')

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' })
const partition = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' })
const sort = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' })

/** No key of KMS and no fixed capacity: both cost money without a request. */
const common = { BillingMode: 'PAY_PER_REQUEST', SSESpecification: { SSEEnabled: false } }
const region = { Region: '{AWS::Region}' }
const kept = {
  ...region,
  DeletionProtectionEnabled: false,
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
}

test('there are five tables', () => {
  expect(Object.keys(tables).sort()).toEqual([
    'TablesBudgets',
    'TablesMessages',
    'TablesRecords',
    'TablesRooms',
    'TablesSessions',
  ])
})

test('Sessions has an index by user and a time to live, and neither backup nor protection', () => {
  expect(propertiesOf(template, 'TablesSessions')).toEqual({
    ...common,
    AttributeDefinitions: [text('pk'), text('sk'), text('owner')],
    KeySchema: [partition('pk'), sort('sk')],
    GlobalSecondaryIndexes: [
      { IndexName: 'byUser', KeySchema: [partition('owner')], Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    Replicas: [{ ...region, GlobalSecondaryIndexes: [{ IndexName: 'byUser' }] }],
  })
})

test('Budgets has a time to live, and neither backup nor protection', () => {
  expect(propertiesOf(template, 'TablesBudgets')).toEqual({
    ...common,
    AttributeDefinitions: [text('pk'), text('sk')],
    KeySchema: [partition('pk'), sort('sk')],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    Replicas: [region],
  })
})

test('Rooms has indexes by category, with all attributes, and by principal; it can be restored', () => {
  expect(propertiesOf(template, 'TablesRooms')).toEqual({
    ...common,
    AttributeDefinitions: [text('pk'), text('sk'), text('categoryId'), text('principal')],
    KeySchema: [partition('pk'), sort('sk')],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byCategory',
        KeySchema: [partition('categoryId'), sort('pk')],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'byPrincipal',
        KeySchema: [partition('principal'), sort('pk')],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    Replicas: [{ ...kept, GlobalSecondaryIndexes: [{ IndexName: 'byCategory' }, { IndexName: 'byPrincipal' }] }],
  })
})

test('Messages is keyed by room and number, has a stream of new images, and can be restored', () => {
  expect(propertiesOf(template, 'TablesMessages')).toEqual({
    ...common,
    AttributeDefinitions: [text('roomId'), { AttributeName: 'seq', AttributeType: 'N' }],
    KeySchema: [partition('roomId'), sort('seq')],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    Replicas: [kept],
  })
})

test('Records has no index and no time to live, and can be restored', () => {
  expect(propertiesOf(template, 'TablesRecords')).toEqual({
    ...common,
    AttributeDefinitions: [text('pk'), text('sk')],
    KeySchema: [partition('pk'), sort('sk')],
    Replicas: [kept],
  })
})

const withData = ['Rooms', 'Messages', 'Records']

test.each(withData)(
  '%s has backups to any second, and is protected from deletion where the settings say so',
  (name) => {
    expect(tables[`Tables${name}`]?.Replicas).toMatchObject([kept])
    const replicas = propertiesOf(readStack({ protect: 'true' }), `Tables${name}`).Replicas
    expect(replicas).toMatchObject([{ ...kept, DeletionProtectionEnabled: true }])
  },
)

test('Sessions and Budgets are never protected', () => {
  const stack = readStack({ protect: 'true' })
  for (const name of ['Sessions', 'Budgets'])
    expect(JSON.stringify(propertiesOf(stack, `Tables${name}`))).not.toContain('DeletionProtectionEnabled')
})
