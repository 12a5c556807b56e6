import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { key } from '../../lambdas/bindings.ts'
import type { Clock as DomainClock, Random } from '../../lambdas/domain/clock.ts'
import { erasures } from '../../lambdas/domain/record/record.ts'
import { replayErasures } from '../../lambdas/domain/rooms/erasure.ts'
import { DynamoCategories } from '../../lambdas/store/categories.ts'
import { DynamoDirectory } from '../../lambdas/store/directory.ts'
import { DynamoErasures } from '../../lambdas/store/erasures.ts'
import { DynamoGrants } from '../../lambdas/store/grants.ts'
import { keys } from '../../lambdas/store/keys.ts'
import { DynamoLog } from '../../lambdas/store/log.ts'
import { DynamoProfiles } from '../../lambdas/store/profiles.ts'
import { DynamoRecord } from '../../lambdas/store/record.ts'
import { DynamoRetention } from '../../lambdas/store/retention.ts'
import { marshal, Table } from '../../lambdas/store/table.ts'
import { calling } from '../tables/failures.ts'
import type { Item } from '../tables/item.ts'
import type { Restoring } from './new-tables.ts'
import type { Database, Plan } from './plan.ts'

/** The clock of the functions' stores. */
export type LambdaClock = DomainClock & Random

export interface Erasing extends Restoring {
  database: DynamoDBClient
  lambdaClock: LambdaClock
}

/**
 * Erases again who was erased, also who was erased after the time of the restore: the ledger of the source knows them.
 * It is done before a function uses the tables, so that nobody sees what comes back. Returns how many there are.
 */
export async function eraseAgain(erasing: Erasing, { tables }: Plan): Promise<number> {
  const { database, output, lambdaClock: clock } = erasing
  const [rooms, messages, records] = [tables.rooms.target, tables.messages.target, tables.records.target]
  const ledger = await linesOf(database, tables.records.source)
  const known = new Set((await linesOf(database, records)).map((line) => line[key.sort]?.S))
  const missing = ledger.filter((line) => !known.has(line[key.sort]?.S))
  for (const Item of missing)
    await calling('PutItem', records, () => database.send(new PutItemCommand({ TableName: records, Item })))
  for (const line of ledger) await copySuspension(erasing, String(line.details?.M?.user?.S), tables.rooms.source, rooms)
  const all = known.size + missing.length
  output.note(`erasures: repeating ${all}, ${missing.length} of them later than the restored time`)
  const stores = {
    categories: new DynamoCategories(database, clock, rooms, records),
    // Erasures read no sessions, and a restore has none.
    directory: new DynamoDirectory(database, clock, { rooms, sessions: 'none' }),
    erasures: new DynamoErasures(database, clock, rooms),
    messages: new DynamoLog(database, clock, messages),
    people: new DynamoProfiles(database, clock, rooms),
    records: new DynamoRecord(database, clock, records),
    retention: new DynamoRetention(database, clock, rooms),
    roles: new DynamoGrants(database, clock, rooms),
    clock,
  }
  return calling('Query', messages, () => replayErasures(stores, Number.POSITIVE_INFINITY))
}

/** The lines of the ledger in a table of records. */
async function linesOf(database: Database, TableName: string): Promise<Item[]> {
  const partition = marshal({ ':ledger': keys.recordLine(erasures, '')[key.partition] })
  const lines: Item[] = []
  let start: Item | undefined
  do {
    const from = start
    const page = await calling('Query', TableName, () =>
      database.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: `${key.partition} = :ledger`,
          ExpressionAttributeValues: partition,
          ConsistentRead: true,
          ...(from && { ExclusiveStartKey: from }),
        }),
      ),
    )
    lines.push(...(page.Items ?? []))
    start = page.LastEvaluatedKey
  } while (start !== undefined)
  return lines
}

/** A user who was suspended with the erasure stays so: the suspension is taken over where the restore lost it. */
async function copySuspension(
  { database, lambdaClock }: Erasing,
  user: string,
  source: string,
  target: string,
): Promise<void> {
  const both = [keys.suspension(user), keys.suspended(user)]
  const found = await calling('BatchGetItem', source, () => new Table(database, lambdaClock, source).getAll(both))
  const table = new Table(database, lambdaClock, target)
  for (const item of found) await calling('PutItem', target, () => table.put(item))
}
