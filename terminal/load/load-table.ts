import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../client/index.ts'
import { Failure } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { pause } from '../pause.ts'
import { calling } from '../tables/failures.ts'
import {
  type DumpState,
  dumpFile,
  itemsFile,
  type LoadState,
  linesIn,
  loadFile,
  readState,
  tallyIn,
  writeState,
} from '../tables/files.ts'
import { isSame, itemIn, lineOf, noItems, type Tally, tallyOf, together } from '../tables/item.ts'
import { type Kind, shapes } from '../tables/kept.ts'
import type { Rate } from '../tables/rate.ts'
import { scanAll } from '../tables/scan.ts'
import { differences } from '../tables/shape.ts'

export interface Loading {
  database: Pick<DynamoDBClient, 'send'>
  folder: string
  rate: Rate
  clock: Clock
  output: Output
}

/** A table that may be loaded, and where to begin. */
export interface Ready {
  kind: Kind
  dumped: Tally
  state: LoadState
}

/** Checks the dump and the table, and changes nothing. */
export async function prepareLoad(kind: Kind, table: string, { database, folder, output }: Loading): Promise<Ready> {
  const dump = await readState<DumpState>(dumpFile(folder, kind))
  if (!dump?.done)
    throw new Failure(
      dump
        ? `The dump in "${folder}" is not finished: run the dump to its end first.`
        : `There is no dump of ${kind} in "${folder}".`,
    )
  output.note(`${kind}: checking the file`)
  const found = await tallyIn(itemsFile(folder, kind))
  if (!isSame(found, dump.tally))
    throw new Failure(
      `"${itemsFile(folder, kind)}" has ${found.items} items with another checksum than the ${dump.tally.items} that were dumped.`,
      'damaged',
    )
  const { Table = {} } = await calling('DescribeTable', table, () =>
    database.send(new DescribeTableCommand({ TableName: table })),
  )
  const wrong = differences(Table, shapes[kind])
  if (wrong.length > 0) throw new Failure(`"${table}" is no table for ${kind}: ${wrong.join('; ')}.`, 'misfit')
  const begun = await readState<LoadState>(loadFile(folder, kind))
  const state: LoadState = {
    version: 1,
    table,
    createdAt: Table.CreationDateTime?.toISOString() ?? '',
    checksum: dump.tally.checksum,
    bytes: 0,
  }
  if (begun?.table === table && begun.createdAt === state.createdAt && begun.checksum === state.checksum)
    return { kind, dumped: dump.tally, state: begun }
  const { Items = [] } = await calling('Scan', table, () =>
    database.send(new ScanCommand({ TableName: table, Limit: 1, ConsistentRead: true })),
  )
  if (Items.length > 0)
    throw new Failure(
      `"${table}" is not empty: a dump is loaded into new tables only, before anybody connects.`,
      'exists',
    )
  return { kind, dumped: dump.tally, state }
}

/** DynamoDB takes 25 items in a batch. Items of a round are stored in any order; the state moves on behind a round. */
const batch = 25
const round = 8 * batch
const progressEvery = 10_000

/** Stores the items of a dump behind those that are stored, then reads the table and compares it with the dump. */
export async function loadTable({ kind, dumped, state }: Ready, loading: Loading): Promise<Tally> {
  const { folder, output, database } = loading
  if (state.bytes > 0) output.note(`${kind}: going on behind ${state.bytes} bytes`)
  let [requests, done] = [[] as WriteRequest[], 0]
  const store = async (end: number) => {
    const starts = Array.from({ length: Math.ceil(requests.length / batch) }, (_, at) => at * batch)
    await Promise.all(starts.map((at) => putAll(state.table, requests.slice(at, at + batch), loading)))
    state.bytes = end
    await writeState(loadFile(folder, kind), state)
    done += requests.length
    if (done % progressEvery < requests.length) output.note(`${kind}: ${done} items stored`)
    requests = []
  }
  // Written before the first item: a table with items and without a state would be refused.
  await writeState(loadFile(folder, kind), state)
  let last = state.bytes
  for await (const { text, end } of linesIn(itemsFile(folder, kind), state.bytes)) {
    requests.push({ PutRequest: { Item: itemIn(text) } })
    last = end
    if (requests.length === round) await store(end)
  }
  if (requests.length > 0) await store(last)
  output.note(`${kind}: reading the table to compare`)
  let stored = noItems
  await scanAll(database, state.table, { segments: 4, rate: loading.rate }, (items) => {
    stored = together(stored, tallyOf(items.map(lineOf)))
  })
  if (!isSame(stored, dumped))
    throw new Failure(
      `"${state.table}" has ${stored.items} items with the checksum ${stored.checksum}, the dump ${dumped.items} with ${dumped.checksum}: something else wrote to the table.`,
      'differs',
    )
  return stored
}

/** Waits are doubled up to this, while the table scales up. */
const longestPauseMs = 5000

async function putAll(table: string, requests: WriteRequest[], { database, rate, clock }: Loading): Promise<void> {
  let left = requests
  for (let tries = 0; left.length > 0; tries++) {
    if (tries > 0) await pause(clock, Math.min(50 * 2 ** tries, longestPauseMs))
    const sent = left
    const { UnprocessedItems, ConsumedCapacity = [] } = await calling('BatchWriteItem', table, () =>
      database.send(new BatchWriteItemCommand({ RequestItems: { [table]: sent }, ReturnConsumedCapacity: 'TOTAL' })),
    )
    left = UnprocessedItems?.[table] ?? []
    await rate.used(ConsumedCapacity.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0))
  }
}
