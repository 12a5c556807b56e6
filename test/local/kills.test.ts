import { eventResources } from './events-app.ts'
import { type Client, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
beforeAll(async () => {
  run = await startEcho({ changes: eventResources })
  client = await run.open()
})
afterAll(stopAll)
afterEach(() => run.faults.set(''))

const stored = async () => {
  const found: number[] = []
  for (let at = 0; at < 3; at++) {
    const input = { TableName: 'things', Key: { pk: { S: `call ${at}` } } }
    if ((await client.ask('database', { operation: 'getItem', input })).Item) found.push(at)
  }
  return found
}
const clear = async () => {
  const credentials = run.functions.credentials('Message')
  expect(credentials.accessKeyId).toMatch(/^ASIA/)
  for (let at = 0; at < 3; at++) {
    await fetch(run.origin, {
      method: 'POST',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.DeleteItem',
        authorization: 'AWS4-HMAC-SHA256 Credential=operator/x',
      },
      body: JSON.stringify({ TableName: 'things', Key: { pk: { S: `call ${at}` } } }),
    })
  }
}

test.each([
  ['before', 1, []],
  ['after', 1, [0]],
  ['before', 3, [0, 1]],
  ['after', 3, [0, 1, 2]],
])('an environment is killed %s its call %i', async (side, call, left) => {
  await clear()
  run.faults.set(`kill:Message:${call}:${side}`)
  expect(await client.ask('calls', { count: 3 })).toMatchObject({ message: 'Internal server error' })
  expect(run.faults.kills).toEqual([{ function: 'Message', call, side, calls: call, killed: true, finished: true }])
  run.faults.set('')
  expect(await stored()).toEqual(left)
})

test('an event that makes fewer calls succeeds, and the kill does not apply to the next event', async () => {
  await fetch(`${run.origin}/_local/faults`, { method: 'PUT', body: 'kill:mess:4:before' })
  expect(await client.ask('calls', { count: 3 })).toEqual({ count: 3 })
  expect(await client.ask('calls', { count: 3 })).toEqual({ count: 3 })
  const state = await (await fetch(`${run.origin}/_local/faults`)).json()
  expect(state).toEqual({
    faults: expect.any(String),
    kills: [{ function: 'mess', call: 4, side: 'before', calls: 3, killed: false, finished: true }],
  })
})

test('calls of SQS, of Lambda and of @connections count as well', async () => {
  const QueueUrl = `${run.origin}/123456789012/Echo-Jobs`
  const ask = (kill: string, verb: string, fields: object) => {
    run.faults.set(kill)
    return client.ask(verb, fields)
  }
  const sending = { operation: 'sendMessage', input: { QueueUrl, MessageBody: 'last words' } }
  expect(await ask('kill:Message:1:after', 'queue', sending)).toMatchObject({ message: 'Internal server error' })
  expect(run.queues.byName('Echo-Jobs')?.counts().visible).toBe(1)
  const invoking = { input: { FunctionName: 'work', InvocationType: 'Event', Payload: {} } }
  run.usage.reset()
  expect(await ask('kill:Message:1:before', 'invoke', invoking)).toMatchObject({ message: 'Internal server error' })
  expect(run.usage.read().calls).toEqual([])
  const posting = { data: 'never' }
  expect(await ask('kill:Message:1:before', 'post', posting)).toMatchObject({ message: 'Internal server error' })
})

test.each(['kill:Send', 'kill:Send:0:after', 'kill:Send:1:amid', 'kill::1:after'])(
  '%s is refused with an example of a kill',
  (spec) => {
    expect(() => run.faults.set(spec)).toThrow('as in kill:Send:3:after')
  },
)
