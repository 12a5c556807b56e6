import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import WebSocket from 'ws'
import { ChatClient, type ChatRoomSession, type Reset } from '../../client/index.ts'
import { type Engine, startEngine } from '../../local/dynamodb/engine.ts'
import { nextSteps } from '../../terminal/restore/next-steps.ts'
import { type Restored, restoreTables } from '../../terminal/restore/restore-tables.ts'
import { findTables } from '../../terminal/tables/find.ts'
import { clock as lambdaClock } from '../../tools/bench/real-clock.ts'
import { capturedOutput } from '../support/captured-output.ts'
import { type PointInTime, pointInTime } from '../support/dynamodb/point-in-time.ts'
import { machineWithoutWaits } from '../support/impatient-clock.ts'
import { claimsOf } from '../support/local-run/deployment.ts'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { ampleQuotas } from '../support/prepared/prepared.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'
import { readLog } from './one-log.ts'

jest.setTimeout(180_000)

const stack = 'PersistentChat'
let engine: Engine
let run: LocalRun
let server: PointInTime
let database: DynamoDBClient

const token = (user: string) => run.token(user, claimsOf(user))
const open = async (user: string) => ChatSocket.open(run.url, await token(user))

beforeAll(async () => {
  engine = await startEngine({ root: process.cwd() })
  run = await startLocalRun({ DYNAMODB_ENDPOINT: engine.endpoint })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const direct = new DynamoDBClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials })
  const none = { rooms: undefined, messages: undefined, records: undefined }
  const tables = await findTables(direct, { stack, ...none })
  direct.destroy()
  server = await pointInTime(engine.endpoint, Object.values(tables))
  database = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials })
})

afterAll(async () => {
  database?.destroy()
  server?.stop()
  await run?.stop()
  await engine?.stop()
})

/** Somebody who stays in a room, with everything that was shown. */
class Listener {
  readonly client: ChatClient
  readonly session: ChatRoomSession
  /** What was shown at a position, by epoch and position. */
  readonly shown = new Map<string, Set<string>>()
  readonly resets: Reset[] = []
  readonly #user: string

  constructor(user: string) {
    this.#user = user
    this.client = new ChatClient({ url: run.url, token: () => token(this.#user), webSocket: WebSocket })
    this.session = this.client.session()
    this.session.on('message', (message) => this.#show(this.session.epoch, message))
    this.session.on('reset', (reset) => {
      this.resets.push(reset)
      for (const message of reset.messages) this.#show(reset.epoch, message)
    })
  }

  #show(epoch: string | undefined, { seq, text }: { seq: number; text?: string | undefined }): void {
    const at = `${epoch} ${seq}`
    this.shown.set(at, (this.shown.get(at) ?? new Set()).add(String(text)))
  }

  async join(roomId: string): Promise<void> {
    await this.client.connect()
    const { messages, epoch } = await this.session.join({ roomId })
    for (const message of messages) this.#show(epoch, message)
  }

  reset(): Promise<Reset> {
    return new Promise((resolve) => this.session.on('reset', resolve))
  }

  /** The positions of these texts in an epoch. */
  at(epoch: string, ...texts: string[]): number[] {
    const found = [...this.shown].filter(([at, of]) => at.startsWith(`${epoch} `) && texts.some((text) => of.has(text)))
    return found.map(([at]) => Number(at.slice(epoch.length)))
  }

  /** Resolves when a text is shown. */
  sees(text: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => [...this.shown.values()].some((texts) => texts.has(text)) && resolve()
      this.session.on('message', look)
      look()
    })
  }
}

async function erased(user: string): Promise<void> {
  const root = await open('root')
  for (;;) {
    const { job } = await root.ask('erase', { user, messages: 'remove' })
    if (job.state === 'done') break
  }
  await root.close()
}

describe('a chat that is lost and restored to a time before', () => {
  let room: Frame
  let alice: Listener
  let bob: Listener
  let restored: Restored
  let epoch: string
  /** What was acknowledged before the time of the restore, and after it. */
  const [before, after] = [[] as Frame[], [] as Frame[]]
  let oldEpoch: string

  const say = async (session: ChatSocket, text: string, into: Frame[]) => {
    const { message } = await session.ask('send', {
      roomId: room.roomId,
      text,
      clientMessageId: `id ${text}`,
      after: 0,
    })
    into.push(message)
  }

  beforeAll(async () => {
    const maker = await open('alice')
    room = (await maker.ask('createRoom', { name: 'Rehearsal', privacy: 'open' })).room
    const speaker = await open('dave')
    oldEpoch = (await speaker.ask('join', { roomId: room.roomId })).epoch
    const carol = await open('carol')
    await carol.ask('join', { roomId: room.roomId })
    for (const text of ['one', 'two', 'three']) await say(speaker, text, before)
    await carol.ask('send', { roomId: room.roomId, text: 'I am Carol' })
    await say(speaker, 'four', before)
    await carol.close()
    ;[alice, bob] = [new Listener('alice'), new Listener('bob')]
    await Promise.all([alice.join(room.roomId), bob.join(room.roomId)])

    const at = Math.floor(Date.now() / 1000) * 1000
    await server.remember(at)
    await erased('carol')
    for (const text of ['lost one', 'lost two', 'lost three']) await say(speaker, text, after)
    await Promise.all([alice.sees('lost three'), bob.sees('lost three')])

    const resets = [alice.reset(), bob.reset()]
    await run.kill()
    const lostAt = Date.now()
    const tables = await findTables(database, { stack, rooms: undefined, messages: undefined, records: undefined })
    const { output } = capturedOutput()
    const wanted = { tables, suffix: 'restored', at: undefined }
    restored = await restoreTables({ database, clock: machineWithoutWaits, lambdaClock, output }, wanted, false)
    epoch = nextSteps(restored, { stack }).epoch
    const restoredAt = Date.now()
    const { port } = new URL(run.origin)
    const { rooms, messages, records } = restored.tables
    const app = [
      'node',
      'test/support/local-run/existing-tables.mjs',
      `Rooms=${rooms}`,
      `Messages=${messages}`,
      `Records=${records}`,
    ]
    const settings = Object.entries({ ...ampleQuotas, epoch }).map(([name, value]) => `${name}=${value}`)
    run = await startLocalRun({
      DYNAMODB_ENDPOINT: engine.endpoint,
      PORT: port,
      APP: app.join(' '),
      CONTEXT: settings.join(','),
    })
    const deployedAt = Date.now()
    await Promise.all(resets)
    if (process.env.TIMES)
      process.stdout.write(
        `${JSON.stringify({
          ...restored.seconds,
          deploy: (deployedAt - restoredAt) / 1000,
          clients: (Date.now() - deployedAt) / 1000,
          all: (Date.now() - lostAt) / 1000,
        })}\n`,
      )
  })

  afterAll(() => {
    alice?.client.close()
    bob?.client.close()
  })

  it('has dense logs, one erasure that is repeated, and another epoch', () => {
    expect(restored.logs).toMatchObject({ holes: [], withoutLog: [] })
    expect(restored.erasures).toBe(1)
    expect(epoch).not.toBe(oldEpoch)
  })

  it('resets the clients that come back, and they go on', async () => {
    for (const { resets, session } of [alice, bob]) {
      expect(resets).toMatchObject([{ epoch }])
      expect(session.epoch).toBe(epoch)
    }
    await alice.session.send('after the restore')
    await bob.sees('after the restore')
  })

  it('has everything that was acknowledged before that time, at its position, and nothing of what came later', async () => {
    const reader = await open('bob')
    const log = await readLog(reader, room.roomId)
    for (const { seq, text, sentAt, from } of before)
      expect(log[seq - 1]).toMatchObject({ seq, text, sentAt, from: { user: from.user } })
    for (const { text } of after) expect(log.map((entry) => entry.text)).not.toContain(text)
    await reader.close()
  })

  it('has no position with two contents in one epoch', () => {
    for (const { shown } of [alice, bob]) {
      expect([...shown.keys()].filter((at) => at.startsWith(`${oldEpoch} `)).length).toBeGreaterThan(4)
      expect([...shown].filter(([at, texts]) => at.startsWith(`${epoch} `) && texts.size > 1)).toEqual([])
      expect([...shown].filter(([at, texts]) => at.startsWith(`${oldEpoch} `) && texts.size > 1)).toEqual([])
    }
    // The same number was given twice: only the epoch tells the two messages apart.
    const [inOld, inNew] = [oldEpoch, epoch].map((of) => bob.at(of, 'lost one', 'after the restore'))
    expect(inOld).toEqual(inNew)
  })

  it('refuses a retry behind the end of the log with its epoch, and stores nothing twice', async () => {
    const dave = await open('dave')
    const { head } = await dave.ask('join', { roomId: room.roomId })
    const ahead = { roomId: room.roomId, text: 'lost three', clientMessageId: 'id lost three', after: head + 1 }
    expect(await dave.refusal('send', ahead)).toMatchObject({ code: 'resync_required', details: { head, epoch } })
    const [first] = before
    const again = { roomId: room.roomId, text: 'one', clientMessageId: 'id one', after: 0 }
    expect((await dave.ask('send', again)).message.seq).toBe(first?.seq)
    expect((await dave.ask('join', { roomId: room.roomId })).head).toBe(head)
    await dave.close()
  })

  it('keeps out who was erased after that time, and shows nothing of them', async () => {
    const reader = await open('bob')
    const log = await readLog(reader, room.roomId)
    expect(JSON.stringify(log)).not.toContain('I am Carol')
    expect(log.filter(({ removesOf }) => removesOf === 'carol')).toHaveLength(1)
    await expect(open('carol')).rejects.toMatchObject({ status: 403 })
    await reader.close()
  })
})
