import { DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { builtInCategory } from '../../../lambdas/domain/access/categories.ts'
import { DynamoLog } from '../../../lambdas/store/log.ts'
import { DynamoRooms } from '../../../lambdas/store/rooms.ts'
import { marshal } from '../../../lambdas/store/table.ts'
import { type Restored, restoreTables } from '../../../terminal/restore/restore-tables.ts'
import { lineOf } from '../../../terminal/tables/item.ts'
import type { Kind } from '../../../terminal/tables/kept.ts'
import { capturedOutput } from '../captured-output.ts'
import { impatientClock } from '../impatient-clock.ts'
import { FakeClock } from '../memory/clock.ts'
import { type Database, database, type Tables } from './dynamodb.ts'
import { type PointInTime, pointInTime } from './point-in-time.ts'

export const startedAt = 1_700_000_000_000
export const minute = 60_000

export interface Asked {
  at?: number
  suffix?: string
  mend?: boolean
  now?: number
  of?: Partial<Record<Kind, string>>
}

interface Attempt {
  /** What the restore resolves with, or its error. */
  result: Restored
  /** Milliseconds that it would have waited. */
  waited: number
  told: string
}

/** Tables with one room and four messages, of which a copy is kept as of `startedAt`. */
export class Restorable {
  readonly server: PointInTime
  readonly client: DynamoDBClient
  readonly tables: Tables
  readonly clock = new FakeClock(startedAt)
  readonly #database: Database

  private constructor(made: Database, server: PointInTime) {
    this.#database = made
    this.tables = made.tables
    this.server = server
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    this.client = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials })
  }

  static async start(): Promise<Restorable> {
    const made = await database()
    const { rooms, messages, records } = made.tables
    const engine = String(process.env.AWS_ENDPOINT_URL_DYNAMODB)
    const started = new Restorable(made, await pointInTime(engine, [rooms, messages, records]))
    await started.room('lobby')
    for (const seq of [1, 2, 3, 4]) await started.say(seq, seq === 3 ? 'alice' : 'carol')
    await started.server.remember(startedAt)
    return started
  }

  async stop(): Promise<void> {
    this.client.destroy()
    this.server.stop()
    await this.#database.stop()
  }

  log(table: string): DynamoLog {
    return new DynamoLog(this.client, this.clock, table)
  }

  async say(seq: number, user: string): Promise<void> {
    const from = { user, name: user }
    const entry = { seq, sentAt: startedAt + seq, from, body: { text: `${user} ${seq}` } }
    await this.log(this.tables.messages).put('lobby', entry)
  }

  async room(roomId: string): Promise<void> {
    const { rooms, messages, records } = this.tables
    const room = {
      roomId,
      name: `Room ${roomId}`,
      description: '',
      categoryId: builtInCategory.categoryId,
      privacy: 'open' as const,
      auditorium: false,
      invitations: 'inherit' as const,
      disabled: false,
      version: 1,
      createdAt: startedAt,
      createdBy: 'root',
      updatedAt: startedAt,
      updatedBy: 'root',
    }
    await new DynamoRooms(this.client, this.clock, rooms, messages, records).create(room, undefined)
  }

  async restore({ at, suffix = 'back', mend = false, now = startedAt, of = {} }: Asked = {}): Promise<Attempt> {
    const { output, printed } = capturedOutput()
    const clock = impatientClock(now)
    const { rooms, messages, records } = this.tables
    const tables = { rooms, messages, records, ...of }
    const wanted = { tables, suffix, at: at === undefined ? undefined : new Date(at) }
    const restoring = { database: this.client, clock, lambdaClock: this.clock, output }
    const result = await restoreTables(restoring, wanted, mend).catch((error: unknown) => error)
    return { result: result as Restored, waited: clock.waited, told: printed().error }
  }

  /** The name of a restored table. */
  named(kind: Kind, suffix = 'back'): string {
    return `${this.tables[kind]}-${suffix}`
  }

  async items(table: string): Promise<string[]> {
    const { Items = [] } = await this.client.send(new ScanCommand({ TableName: table }))
    return Items.map(lineOf).sort()
  }

  async remove(table: string, key: Record<string, string | number>): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: table, Key: marshal(key) }))
  }
}

/** A new one for each test of a file. */
export function aRestorable(): () => Restorable {
  let made: Restorable
  beforeEach(async () => {
    made = await Restorable.start()
  })
  afterEach(() => made.stop())
  return () => made
}
