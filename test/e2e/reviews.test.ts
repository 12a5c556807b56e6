import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { ReviewJob } from '../../lambdas/jobs/review-job.ts'
import { DynamoGrants } from '../../lambdas/store/grants.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { aLocalWorld } from './local-world.ts'

jest.setTimeout(180_000)
const world = aLocalWorld()

/** The operator may do everything in a local run. */
const operator = () => ({
  endpoint: world().run.origin,
  region: 'us-east-1',
  credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
})

/** Takes the membership of a user without a review, as an interrupted change does. */
async function takeMembership(roomId: string, user: string): Promise<void> {
  const database = new DynamoDBClient(operator())
  const { TableNames = [] } = await database.send(new ListTablesCommand({}))
  const rooms = TableNames.find((name) => name.includes('TablesRooms'))
  if (rooms === undefined) throw new Error('There is no table of rooms.')
  await new DynamoGrants(database, new FakeClock(), rooms).revoke(roomId, 'member', [`user:${user}`])
  database.destroy()
}

/** Hands a job on, as the verbs do. */
async function handOn(job: ReviewJob): Promise<void> {
  const outputs = await (await fetch(`${world().run.origin}/_local/outputs`)).json()
  const lambda = new LambdaClient(operator())
  const FunctionName = String(Object(outputs).ReviewFunction)
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(job) }))
  lambda.destroy()
}

test('a review that is handed on ends the sessions of those who lost the right, and tells the others', async () => {
  const { roomId } = await world().room({}, ['user:carol', 'user:dave'])
  const [carol, dave] = [await world().joined('carol', { roomId }), await world().joined('dave', { roomId })]
  await takeMembership(roomId, 'carol')
  await handOn({ roomId, reason: 'revoked', touched: ['user:carol'] })
  expect(await carol.push('kicked')).toEqual({ type: 'kicked', roomId, reason: 'revoked' })
  expect(await dave.push('participant')).toMatchObject({ roomId, event: 'left', user: { user: 'carol' } })
  expect(await carol.refusal('send', { roomId, text: 'Still here?' })).toMatchObject({ code: 'not_joined' })
})

test('a review of a category that is handed on reaches all its rooms after the position', async () => {
  const { categoryId } = await world().category()
  const rooms = []
  for (let nr = 0; nr < 2; nr++) rooms.push(await world().room({ categoryId }, ['user:carol']))
  const [first = '', second = ''] = rooms.map(({ roomId }) => String(roomId)).sort()
  const carol = await world().joined('carol', { roomId: first })
  await carol.ask('join', { roomId: second })
  for (const roomId of [first, second]) await takeMembership(roomId, 'carol')
  await handOn({ categoryId, after: first })
  expect(await carol.push('kicked')).toEqual({ type: 'kicked', roomId: second, reason: 'revoked' })
  expect((await carol.ask('participants', { roomId: first })).participantCount).toBe(1)
})
