import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { type Client, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
beforeAll(async () => {
  run = await startEcho()
  client = await run.open()
})
afterAll(stopAll)
beforeEach(() => run.usage.reset())
afterEach(() => run.faults.set(''))

const thing = (pk: string) => ({ pk: { S: pk }, owner: { S: 'me' } })
const call = (operation: string, input: object, action = 'ask') => client.ask('database', { operation, input }, action)
const put = (pk: string) => call('putItem', { TableName: 'things', Item: thing(pk) })
const get = (pk: string) => call('getItem', { TableName: 'things', Key: { pk: { S: pk } } })

test('a function reads the item that it has stored', async () => {
  expect(await put('a')).toMatchObject({ status: 200 })
  expect(await get('a')).toMatchObject({ Item: thing('a') })
})

test('a failed condition gets the error of the database', async () => {
  await put('b')
  const again = { TableName: 'things', Item: thing('b'), ConditionExpression: 'attribute_not_exists(pk)' }
  expect(await call('putItem', again)).toMatchObject({ status: 400, error: 'ConditionalCheckFailedException' })
})

const query = (IndexName: string) => ({
  TableName: 'things',
  IndexName,
  KeyConditionExpression: '#o = :o',
  ExpressionAttributeNames: { '#o': 'owner' },
  ExpressionAttributeValues: { ':o': { S: 'me' } },
})

test('an index needs a separate permission', async () => {
  expect(await call('query', query('byOwner'))).toMatchObject({ status: 200 })
  expect(await call('query', query('hidden'))).toMatchObject({ status: 400, error: 'AccessDeniedException' })
})

test('an action that the role does not allow is denied with its name and logged', async () => {
  const Key = { pk: { S: 'a' } }
  const denied = await call('deleteItem', { TableName: 'things', Key })
  expect(denied).toMatchObject({ status: 400, error: 'AccessDeniedException' })
  expect(denied.message).toBe(
    'User: arn:aws:sts::123456789012:assumed-role/Echo-Role/message is not authorized to perform: dynamodb:DeleteItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/things because no identity-based policy allows the dynamodb:DeleteItem action',
  )
  await run.logged('dynamodb:DeleteItem')
  const transaction = {
    TransactItems: [{ Put: { TableName: 'things', Item: thing('c') } }, { Delete: { TableName: 'things', Key } }],
  }
  expect(await call('transactWriteItems', transaction)).toMatchObject({ error: 'AccessDeniedException' })
  expect(await call('putItem', { TableName: 'things', Item: thing('c') }, 'poor')).toMatchObject({
    error: 'AccessDeniedException',
  })
})

test('credentials of another run are refused', async () => {
  const { variables } = await client.ask('environment')
  const stranger = new DynamoDB({
    endpoint: variables.AWS_ENDPOINT_URL_DYNAMODB,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' },
    maxAttempts: 1,
  })
  await expect(stranger.listTables()).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
})

test('calls and consumed units are counted by function, operation and table', async () => {
  await put('d')
  await put('e')
  await get('d')
  await call('query', query('byOwner'))
  await call('deleteItem', { TableName: 'things', Key: { pk: { S: 'a' } } })
  const row = { function: 'message', table: 'things', errors: 0, readUnits: 0, writeUnits: 0 }
  expect(run.usage.read().dynamodb).toEqual([
    // Each write takes a unit for the table and one for each of the two indexes.
    { ...row, operation: 'PutItem', calls: 2, writeUnits: 6 },
    { ...row, operation: 'GetItem', calls: 1, readUnits: 0.5 },
    { ...row, operation: 'Query', calls: 1, readUnits: 0.5 },
    { ...row, operation: 'DeleteItem', calls: 1, errors: 1 },
  ])
})

test('a function that requests the consumed capacity gets it in the requested form', async () => {
  const Item = thing('f')
  const written = await call('putItem', { TableName: 'things', Item, ReturnConsumedCapacity: 'INDEXES' })
  expect(written.ConsumedCapacity).toHaveProperty('GlobalSecondaryIndexes')
  expect(await call('putItem', { TableName: 'things', Item, ReturnConsumedCapacity: 'NONE' })).toMatchObject({
    status: 200,
  })
  // The second write changes no index, so it takes one unit.
  expect(run.usage.read().dynamodb[0]).toMatchObject({ calls: 2, writeUnits: 4 })
})

test('the consumed units of a large page are counted', async () => {
  for (const pk of ['large 1', 'large 2']) {
    const Item = { ...thing(pk), owner: { S: 'large' }, text: { S: 'x'.repeat(20_000) }, ConsumedCapacity: { M: {} } }
    await call('putItem', { TableName: 'things', Item })
  }
  run.usage.reset()
  const found = await call('query', { ...query('byOwner'), ExpressionAttributeValues: { ':o': { S: 'large' } } })
  expect(found.Items).toHaveLength(2)
  expect(run.usage.read().dynamodb).toMatchObject([{ operation: 'Query', calls: 1, readUnits: 5 }])
})

test('a table can be throttled', async () => {
  run.faults.set('throttleTable:1')
  expect(await put('g')).toMatchObject({ status: 400, error: 'ProvisionedThroughputExceededException' })
})

test('a call can fail before or after its execution', async () => {
  run.faults.set('failCallBefore:1')
  expect(await put('before')).toMatchObject({ status: 500, error: 'InternalServerError' })
  run.faults.set('failCallAfter:1')
  expect(await put('after')).toMatchObject({ status: 500, error: 'InternalServerError' })
  run.faults.set('')
  expect(await get('before')).not.toHaveProperty('Item')
  expect(await get('after')).toHaveProperty('Item')
})

test('an environment can be killed at a call, and the next event gets a new one', async () => {
  const { environment } = await client.ask('environment')
  run.faults.set('killAtCall:1')
  expect(await put('killed')).toMatchObject({ message: 'Internal server error' })
  run.faults.set('')
  await run.logged('signal: killed')
  expect((await client.ask('environment')).environment).not.toBe(environment)
})

test('a run with a given endpoint uses that database and its tables', async () => {
  const { variables } = await client.ask('environment')
  await put('shared')
  // The proxy of this run refuses callers of another run, so the other run gets the address of the database.
  expect(variables.AWS_ENDPOINT_URL_DYNAMODB).not.toBe(run.database)
  const other = await startEcho({ dynamodbEndpoint: run.database })
  const asking = await other.open()
  const found = await asking.ask('database', {
    operation: 'getItem',
    input: { TableName: 'things', Key: { pk: { S: 'shared' } } },
  })
  expect(found).toHaveProperty('Item')
  await other.stop()
  expect(await get('shared')).toHaveProperty('Item')
})
