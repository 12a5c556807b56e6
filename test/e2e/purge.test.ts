import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { DynamoLog } from '../../lambdas/store/log.ts'
import { type Database, database } from '../support/dynamodb/dynamodb.ts'
import { nameOf, people } from '../support/local-run/deployment.ts'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { FakeClock } from '../support/memory/clock.ts'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { readLog } from './one-log.ts'
import { World } from './world.ts'

/** Old messages must be written into the database, so the run uses a database that the tests can access. */
let data: Database
let run: LocalRun
let world: World
let messages: DynamoLog

beforeAll(async () => {
  data = await database()
  run = await startLocalRun({ DYNAMODB_ENDPOINT: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '' })
  const claims = (user: string) => ({ name: nameOf(user), ...(people[user] && { groups: people[user] }) })
  const token = (user: string) => run.token(user, claims(user))
  world = new World({ url: run.url, token, stop: () => run.stop(), local: run })
  const { TableNames = [] } = await data.client().send(new ListTablesCommand({}))
  const table = TableNames.find((name) => /messages/i.test(name) && !Object.values(data.tables).includes(name))
  messages = new DynamoLog(data.client(), new FakeClock(), table ?? '')
})

afterEach(() => world.leaveAll())
afterAll(async () => {
  await run.stop()
  await data.stop()
})

const faults = (spec: string) => fetch(`${run.origin}/_local/faults`, { method: 'PUT', body: spec })
const seqs = (entries: Frame[]) => entries.map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const day = (nr: number) => Date.UTC(2020, 0, nr)

/** A room with a message for each day from the first of January 2020 on. */
async function oldRoom(count: number): Promise<{ roomId: string; root: ChatSocket; alice: ChatSocket }> {
  const { roomId } = await world.room()
  const from = { user: 'alice', name: 'Alice' }
  for (let seq = 1; seq <= count; seq++) {
    await messages.put(roomId, { seq, sentAt: day(seq), from, digest: `${seq}`, body: { text: `day ${seq}` } })
  }
  return { roomId, root: await world.connect('root'), alice: await world.joined('alice', { roomId }) }
}

const until = (nr: number) => new Date(day(nr)).toISOString()

it('a purge deletes messages before a time, and for readers the log begins after them', async () => {
  const { roomId, root, alice } = await oldRoom(60)
  expect(await root.ask('purge', { roomId, before: until(31) })).toMatchObject({ floor: 31, complete: true })
  expect(seqs(await messages.read(roomId, 0, 100))).toEqual([0, ...range(31, 60)])
  expect(await alice.ask('history', { roomId, limit: 100 })).toMatchObject({ floor: 31, head: 60, exceeded: false })
  const resync = { code: 'resync_required', details: { floor: 31, head: 60 } }
  expect(await alice.refusal('history', { roomId, after: 5 })).toMatchObject(resync)
  expect(seqs((await alice.ask('history', { roomId, after: 30, limit: 100 })).messages)).toEqual(range(31, 60))
  expect(seqs((await alice.ask('history', { roomId, search: 'day', limit: 100 })).messages)).toEqual(range(31, 60))
})

it('a purge keeps the newest message of any age, and the next message follows it', async () => {
  const { roomId, root, alice } = await oldRoom(9)
  expect(await root.ask('purge', { roomId, before: '2020-12-31T23:59:59Z' })).toMatchObject({
    floor: 9,
    complete: true,
  })
  expect((await alice.ask('send', { roomId, text: 'today' })).message.seq).toBe(10)
  expect(seqs((await alice.ask('history', { roomId })).messages)).toEqual([9, 10])
})

it('a purge that is killed is completed by a repeated call, while users can send', async () => {
  const { roomId, root, alice } = await oldRoom(60)
  await faults('killAtCall:0.15')
  // For a killed call the gateway sends an error frame without the id of the request.
  const failure = () => root.frame(({ type }) => type === undefined)
  let failed = failure()
  let answered = false
  for (let attempt = 0; attempt < 200 && !answered; attempt++) {
    const outcome = await Promise.race([root.request('purge', { roomId, before: until(41) }), failed])
    if (outcome.id === undefined) failed = failure()
    answered = outcome.complete === true
  }
  await faults('')
  void failed.catch(() => undefined)
  expect(answered).toBe(true)
  const sent = await alice.ask('send', { roomId, text: 'still here', clientMessageId: 'x', after: 60 })
  expect(sent.message.seq).toBe(61)
  expect(seqs(await messages.read(roomId, 0, 100))).toEqual([0, ...range(41, 61)])
})

it('a purge leaves a log that new readers can read from its floor to its head', async () => {
  const { roomId, root, alice } = await oldRoom(30)
  await root.ask('purge', { roomId, before: until(10) })
  const { floor } = await alice.ask('history', { roomId, limit: 1 })
  expect(floor).toBe(10)
  await expect(readLog(alice, roomId)).rejects.toThrow('resync_required')
  const { messages: rest } = await alice.ask('history', { roomId, after: floor - 1, limit: 100 })
  expect(seqs(rest)).toEqual(range(10, 30))
})

it('a purge hides new messages at once: a retry of such a message requires a resync and is not pushed', async () => {
  const room = await world.room()
  const { roomId } = room
  const [alice, bob, root] = [
    await world.joined('alice', room),
    await world.joined('bob', room),
    await world.connect('root'),
  ]
  const secret = { roomId, text: 'secret', clientMessageId: 'm1', after: 0 }
  await alice.ask('send', secret)
  await bob.push('message', { text: 'secret' })
  await alice.ask('send', { roomId, text: 'harmless' })
  await bob.push('message', { text: 'harmless' })
  const purged = await root.ask('purge', { roomId, before: '2099-01-01T00:00:00Z' })
  expect(purged).toMatchObject({ floor: 2, complete: false })
  const refusal = await alice.refusal('send', secret)
  expect(refusal).toMatchObject({ code: 'resync_required', details: { floor: 2, head: 2 } })
  expect((await alice.refusal('history', { roomId, after: 0 })).details).toEqual(refusal.details)
  await alice.ask('send', { roomId, text: 'next' })
  await bob.push('message', { text: 'next' })
  expect(bob.pushes.filter(({ text }) => text === 'secret')).toEqual([])
})
