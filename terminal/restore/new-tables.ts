import { DescribeTableCommand, RestoreTableToPointInTimeCommand, type TableDescription } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../client/index.ts'
import type { Output } from '../command/output.ts'
import { pause } from '../pause.ts'
import { calling } from '../tables/failures.ts'
import { kinds } from '../tables/kept.ts'
import type { Database, Plan } from './plan.ts'

/** What the steps of a restore share. */
export interface Restoring {
  database: Database
  clock: Clock
  output: Output
}

const pollMs = 10_000

/** Polls after which the progress is told: once a minute. */
const pollsEach = 6

/** Starts the restores that are not started yet; they run side by side. */
export async function startRestores({ database, output }: Restoring, { at, tables }: Plan): Promise<void> {
  for (const kind of kinds) {
    const { source, target, exists } = tables[kind]
    if (exists) {
      output.note(`${kind}: going on with "${target}"`)
      continue
    }
    await calling('RestoreTableToPointInTime', source, () =>
      database.send(
        new RestoreTableToPointInTimeCommand({ SourceTableName: source, TargetTableName: target, RestoreDateTime: at }),
      ),
    )
    output.note(`${kind}: restoring "${target}" to ${at.toISOString()}`)
  }
}

/** Resolves when a table and its indexes can be used and changed. A restore takes from minutes to hours. */
export async function untilActive({ database, clock, output }: Restoring, table: string): Promise<TableDescription> {
  const startedAt = clock.now()
  for (let polls = 1; ; polls++) {
    const { Table = {} } = await calling('DescribeTable', table, () =>
      database.send(new DescribeTableCommand({ TableName: table })),
    )
    const indexes = Table.GlobalSecondaryIndexes ?? []
    if (Table.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')) return Table
    if (polls % pollsEach === 0) {
      const minutes = Math.round((clock.now() - startedAt) / 60_000)
      output.note(`"${table}" is ${Table.TableStatus?.toLowerCase()}, for ${minutes} minutes`)
    }
    await pause(clock, pollMs)
  }
}
