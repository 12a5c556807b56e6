import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { index, key, logKey } from '../../../lambdas/bindings.ts'
import type { Category } from '../../../lambdas/domain/access/categories.ts'
import { DynamoBlocks } from '../../../lambdas/store/blocks.ts'
import { DynamoBudgets } from '../../../lambdas/store/budgets.ts'
import { DynamoCategories } from '../../../lambdas/store/categories.ts'
import { dynamoClient } from '../../../lambdas/store/client.ts'
import { DynamoDirectory } from '../../../lambdas/store/directory.ts'
import { DynamoErasures } from '../../../lambdas/store/erasures.ts'
import { DynamoGrants } from '../../../lambdas/store/grants.ts'
import { DynamoInvitations } from '../../../lambdas/store/invitations.ts'
import { keys } from '../../../lambdas/store/keys.ts'
import { DynamoLog } from '../../../lambdas/store/log.ts'
import { DynamoPreferences } from '../../../lambdas/store/preferences.ts'
import { DynamoProfiles } from '../../../lambdas/store/profiles.ts'
import { DynamoQuotas } from '../../../lambdas/store/quotas.ts'
import { DynamoRecord } from '../../../lambdas/store/record.ts'
import { DynamoRetention } from '../../../lambdas/store/retention.ts'
import { DynamoRooms } from '../../../lambdas/store/rooms.ts'
import { DynamoSessions } from '../../../lambdas/store/sessions.ts'
import { type DynamoCall, dynamoEndpoint, smallClient } from '../../../lambdas/store/small-client.ts'
import { DynamoSuspensions } from '../../../lambdas/store/suspensions.ts'
import { marshal } from '../../../lambdas/store/table.ts'
import { FakeClock } from '../memory/clock.ts'

const binary = join(__dirname, '../../../node_modules/@dynoxide/linux-x64/dynoxide')

/** Ends the database when its standard input closes. That happens whenever the tests end, even by a crash. */
const watchdog = `
  exec 3<&0
  "$0" serve --port "$1" </dev/null & server=$!
  (cat <&3 >/dev/null; kill $server) & watch=$!
  exec 3<&-
  wait $server
  kill $watch
`

export interface Tables {
  sessions: string
  rooms: string
  messages: string
  records: string
  budgets: string
}

export interface Database {
  tables: Tables
  /** A client configured like that of the functions. */
  client(): DynamoDBClient
  stop(): Promise<void>
}

/** A database with empty tables: an embedded one in memory, or the one at DYNAMODB_ENDPOINT. */
export async function database(): Promise<Database> {
  const given = process.env.DYNAMODB_ENDPOINT
  const server = given === undefined ? await serve() : undefined
  const endpoint = given ?? server?.endpoint
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-central-1' })
  const clients: DynamoDBClient[] = []
  const client = () => {
    process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint
    const made = dynamoClient()
    clients.push(made)
    return made
  }
  const stop = async () => {
    for (const made of clients) made.destroy()
    await server?.stop()
  }
  try {
    const tables = await createTables(client())
    return { tables, client, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function serve() {
  const port = await freePort()
  const child = spawn('/bin/sh', ['-c', watchdog, binary, String(port)], { stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.stdin.end()
    await ended
  }
  const endpoint = `http://127.0.0.1:${port}`
  await waitUntilReady(endpoint, child)
  return { endpoint, stop }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.')
  return address.port
}

/** Sends requests until one gets a response. Any response will do. */
async function waitUntilReady(endpoint: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(endpoint).catch(() => undefined)
    if (response) {
      await response.arrayBuffer()
      return
    }
    await pause(10)
  }
  throw new Error('The embedded database did not start.')
}

async function createTables(client: DynamoDBClient): Promise<Tables> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  const suffix = `${process.pid}-${TableNames.length}`
  const tables = {
    sessions: `Sessions-${suffix}`,
    rooms: `Rooms-${suffix}`,
    messages: `Messages-${suffix}`,
    records: `Records-${suffix}`,
    budgets: `Budgets-${suffix}`,
  }
  const { byUser, byCategory, byPrincipal } = index
  const plain = { partition: key.partition, sort: key.sort, sortType: 'S' } as const
  await create(client, tables.sessions, plain, [{ ...byUser, projection: 'KEYS_ONLY' }])
  await create(client, tables.rooms, plain, [
    { ...byCategory, sort: key.partition, projection: 'ALL' },
    { ...byPrincipal, sort: key.partition, projection: 'KEYS_ONLY' },
  ])
  await create(client, tables.records, plain, [])
  await create(client, tables.budgets, plain, [])
  await create(client, tables.messages, { ...logKey, sortType: 'N' }, [])
  return tables
}

interface Index {
  name: string
  partition: string
  sort?: string
  projection: 'ALL' | 'KEYS_ONLY'
}

type TableKey = { partition: string; sort: string; sortType: 'S' | 'N' }

async function create(client: DynamoDBClient, name: string, table: TableKey, indexes: Index[]): Promise<void> {
  const schema = (partition: string, sort?: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' as const }]),
  ]
  const texts = new Set([table.partition, ...indexes.map((one) => one.partition)])
  const input: CreateTableCommandInput = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema(table.partition, table.sort),
    AttributeDefinitions: [
      ...[...texts].map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' as const })),
      { AttributeName: table.sort, AttributeType: table.sortType },
    ],
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((one) => ({
        IndexName: one.name,
        KeySchema: schema(one.partition, one.sort),
        Projection: { ProjectionType: one.projection },
      })),
    }),
  }
  await client.send(new CreateTableCommand(input))
}

/** Every store of the domain, over one client. */
export function dynamoStores(client: DynamoDBClient, tables: Tables, clock = new FakeClock()) {
  return {
    clock,
    rooms: new DynamoRooms(client, clock, tables.rooms, tables.messages, tables.records),
    roles: new DynamoGrants(client, clock, tables.rooms),
    categories: new DynamoCategories(client, clock, tables.rooms, tables.records),
    people: new DynamoProfiles(client, clock, tables.rooms),
    sessions: new DynamoSessions(client, clock, tables.sessions, tables.records),
    records: new DynamoRecord(client, clock, tables.records),
    messages: new DynamoLog(client, clock, tables.messages),
    directory: new DynamoDirectory(client, clock, tables),
    retention: new DynamoRetention(client, clock, tables.rooms),
    erasures: new DynamoErasures(client, clock, tables.rooms),
    suspensions: new DynamoSuspensions(client, clock, tables.rooms),
    invitations: new DynamoInvitations(client, clock, tables.rooms),
    preferences: new DynamoPreferences(client, clock, tables.rooms),
    blocks: new DynamoBlocks(client, clock, tables.rooms),
    quotas: new DynamoQuotas(client, clock, tables.budgets),
    budgets: new DynamoBudgets(callOf(client), clock, tables.budgets),
  }
}

/** The small client of the functions, at the address of another client. */
export const callOf = ({ config }: DynamoDBClient): DynamoCall => {
  const region = 'eu-central-1'
  return smallClient({
    endpoint: dynamoEndpoint(region),
    region,
    credentials: () => config.credentials(),
    now: Date.now,
  })
}

/** Stores a category without the domain's checks. */
export async function putCategory(client: DynamoDBClient, tables: Tables, category: Category): Promise<void> {
  const { categoryId, ...attributes } = category
  const Item = marshal({ ...keys.category(categoryId), ...attributes })
  await client.send(new PutItemCommand({ TableName: tables.rooms, Item }))
}
