import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { type Message, PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DynamoSessions } from '../../lambdas/store/sessions.ts'
import { type Item, marshal } from '../../lambdas/store/table.ts'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { FakeClock } from '../support/memory/clock.ts'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { LocalWorld } from './local-world.ts'

const users = ['alice', 'bob', 'carol', 'dave', 'erin']

/** A local world with rooms that are noted as large, and with access to the tables and the dead-letter queue. */
export class LargeWorld extends LocalWorld {
  readonly #database: DynamoDBClient
  readonly #queues: SQSClient

  constructor(run: LocalRun) {
    super(run)
    // The operator may do everything in a local run.
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' }
    const operator = { endpoint: run.origin, region: 'us-east-1', credentials }
    this.#database = new DynamoDBClient(operator)
    this.#queues = new SQSClient(operator)
  }

  async stop(): Promise<void> {
    this.#queues.destroy()
    this.#database.destroy()
    await this.run.stop()
  }

  /** An open room with five users that is noted as large, with three parts of its roster. */
  async largeRoom(settings: Frame = {}): Promise<{ roomId: string; alice: ChatSocket; others: ChatSocket[] }> {
    const { roomId } = await this.room({ privacy: 'open', ...settings }, [])
    const people: ChatSocket[] = []
    const ids: string[] = []
    for (const user of users) {
      const person = await this.joined(user, { roomId })
      people.push(person)
      ids.push((await person.ask('hello')).connectionId)
    }
    // The pushes of these joins must arrive first, because a large room pushes none.
    for (const [at, person] of people.entries())
      for (const user of users.slice(at + 1)) await person.frame((frame) => frame.user?.user === user)
    await this.noteLarge(roomId, ids.sort().slice(1, 3))
    const [alice, ...others] = people
    if (!alice) throw new Error('A connection is missing.')
    return { roomId, alice, others }
  }

  /** Notes the size of a large room. The note is dated an hour ahead, so that it stays valid during the test. */
  async noteLarge(roomId: string, bounds: string[]): Promise<void> {
    const [table, records] = [await this.#tableOf('Sessions'), await this.#tableOf('Records')]
    const sessions = new DynamoSessions(this.#database, new FakeClock(Date.now()), table, records)
    const countedAt = Date.now() + 3_600_000
    const size = { connections: 1000, participants: 1000, crowded: true, large: true }
    const known = await sessions.crowd(roomId)
    const isNoted = await sessions.noteCrowd(roomId, { ...size, bounds, countedAt }, known?.countedAt)
    if (!isNoted) throw new Error('The size of the room was not noted.')
  }

  /** Writes any item into the table of the log. */
  async write(item: Item): Promise<void> {
    await this.#database.send(new PutItemCommand({ TableName: await this.#tableOf('Messages'), Item: marshal(item) }))
  }

  /** The next dead letter. It stays in the queue. */
  async deadLetter(): Promise<Frame> {
    const { UndeliveredQueue: QueueUrl } = await this.outputs()
    let found: Message[] = []
    while (found.length === 0) {
      const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, VisibilityTimeout: 0 })
      found = (await this.#queues.send(command)).Messages ?? []
    }
    return JSON.parse(found[0]?.Body ?? '')
  }

  /** Empties the queue of the dead letters. */
  async purge(): Promise<void> {
    const { UndeliveredQueue: QueueUrl } = await this.outputs()
    await this.#queues.send(new PurgeQueueCommand({ QueueUrl }))
  }

  /** Waits until all kills of the fault specification have happened. */
  async allKilled(): Promise<void> {
    while ((await this.kills()).some(({ killed }) => !killed));
  }

  async outputs(): Promise<Record<string, string>> {
    return JSON.parse(await (await fetch(`${this.run.origin}/_local/outputs`)).text())
  }

  async #tableOf(kind: string): Promise<string> {
    const { TableNames = [] } = await this.#database.send(new ListTablesCommand({}))
    const found = TableNames.find((name) => name.includes(`Tables${kind}`))
    if (found === undefined) throw new Error(`There is no table ${kind}.`)
    return found
  }
}

/** Starts a world before the tests of a file and stops it after them. */
export function aLargeWorld(): () => LargeWorld {
  let world: LargeWorld | undefined
  beforeAll(async () => {
    world = new LargeWorld(await startLocalRun())
  })
  afterEach(async () => {
    await world?.faults()
    await world?.leaveAll()
  })
  afterAll(() => world?.stop())
  return () => {
    if (!world) throw new Error('The world has not started.')
    return world
  }
}

/** Waits for `count` messages, which may arrive in one or several pushes. */
export async function receives(person: ChatSocket, count: number): Promise<Frame[]> {
  const received: Frame[] = []
  while (received.length < count) {
    const push = await person.frame(({ type }) => type === 'message' || type === 'messages')
    received.push(...(push.type === 'messages' ? push.messages : [push]))
  }
  return received
}

export const textsOf = (messages: Frame[]): string[] => messages.map(({ text }) => text)
