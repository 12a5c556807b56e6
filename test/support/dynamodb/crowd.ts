import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { forEachConcurrent } from '../../../lambdas/domain/concurrency.ts'
import type { Session } from '../../../lambdas/domain/sessions/sessions.ts'
import { keys } from '../../../lambdas/store/keys.ts'
import { toItem } from '../../../lambdas/store/roster.ts'
import { DynamoSessions } from '../../../lambdas/store/sessions.ts'
import { marshal, Table } from '../../../lambdas/store/table.ts'
import { clock } from '../../../tools/bench/real-clock.ts'
import { putAll } from '../../../tools/load/put-all.ts'

const batch = 25

/** The database keeps separate tables for each access key, so this must be the key of the local run. */
const signer = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }

/** Sessions without sockets, written directly into the tables of a local run. */
export class FakeCrowd {
  readonly #client: DynamoDBClient
  readonly #table: string
  readonly store: DynamoSessions

  private constructor(client: DynamoDBClient, table: string) {
    this.#client = client
    this.#table = table
    this.store = new DynamoSessions(client, clock, table, '')
  }

  static async in({ database }: { database: string }): Promise<FakeCrowd> {
    const client = new DynamoDBClient({ endpoint: database, ...signer })
    const { TableNames = [] } = await client.send(new ListTablesCommand({}))
    const table = TableNames.find((name) => /Sessions\w{8}$/.test(name))
    if (table === undefined) throw new Error('There is no table of sessions.')
    return new FakeCrowd(client, table)
  }

  async add(roomId: string, count: number): Promise<void> {
    const sessions = Array.from({ length: count }, (_, at) => sessionOf(roomId, at))
    const starts = Array.from({ length: Math.ceil(count / batch) }, (_, at) => at * batch)
    await forEachConcurrent(starts, async (start) => {
      const puts = sessions.slice(start, start + batch).map((each) => ({ PutRequest: { Item: marshal(toItem(each)) } }))
      await putAll(this.#client, clock, this.#table, puts)
    })
  }

  /** Removes the first `count` of the added sessions. */
  async remove(roomId: string, count: number): Promise<void> {
    const ids = Array.from({ length: count }, (_, at) => connectionAt(at))
    await new Table(this.#client, clock, this.#table).deleteAll(ids.map((id) => keys.session(roomId, id)))
  }

  /** Makes the count of the room look a minute old. */
  expireCount(roomId: string): Promise<void> {
    return this.#setCountedAt(roomId, Date.now() - 60_000)
  }

  /** Keeps the count of the room current for the whole test, even on a slow machine. */
  freezeCount(roomId: string): Promise<void> {
    return this.#setCountedAt(roomId, Date.now() + 3_600_000)
  }

  async #setCountedAt(roomId: string, countedAt: number): Promise<void> {
    const crowd = await this.store.crowd(roomId)
    if (!crowd) throw new Error('The room has no count yet.')
    await this.store.noteCrowd(roomId, { ...crowd, countedAt }, crowd.countedAt)
  }

  end(): void {
    this.#client.destroy()
  }
}

/** A connection id in the format of API Gateway. */
const connectionAt = (at: number) => Buffer.from(`crowd ${String(at).padStart(5, '0')}`).toString('base64')

export const sessionOf = (roomId: string, at: number): Session => ({
  roomId,
  connectionId: connectionAt(at),
  user: `guest-${at}`,
  name: `Guest ${at}`,
  canChat: true,
  isManager: false,
  isPresenter: false,
  logged: true,
  confirmed: true,
  joinedAt: Date.now(),
  expiresAt: Math.ceil(Date.now() / 1000) + 7500,
})
