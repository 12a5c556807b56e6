import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../client/index.ts'
import { Failure, UsageError } from '../command/failure.ts'
import { calling, nameOf } from '../tables/failures.ts'
import { forEachKind, type Kind, kinds, shapes, type TableNames } from '../tables/kept.ts'
import { differences } from '../tables/shape.ts'

export type Database = Pick<DynamoDBClient, 'send'>

/** What a restore of one table is to do. */
export interface TablePlan {
  source: string
  target: string
  /** Whether the target exists, from an earlier call. */
  exists: boolean
  /** The attribute of the source's time to live, if that is on. */
  timeToLive: string | undefined
}

export interface Plan {
  /** The one time to which all tables are restored. */
  at: Date
  tables: Readonly<Record<Kind, TablePlan>>
}

export interface Wanted {
  tables: TableNames
  /** What is appended to the name of each new table. */
  suffix: string
  at: Date | undefined
}

interface Source {
  earliest: Date
  latest: Date
  timeToLive: string | undefined
}

const dayMs = 24 * 60 * 60 * 1000

/** Looks at everything that a restore needs, and changes nothing. */
export async function planRestore(database: Database, clock: Clock, wanted: Wanted): Promise<Plan> {
  const { tables, suffix } = wanted
  const time = wanted.at && wholeSecond(wanted.at.getTime())
  const sources = await forEachKind((kind) => inspectSource(database, kind, tables[kind]))
  const targets = await forEachKind((kind) => begunRestore(database, tables[kind], `${tables[kind]}-${suffix}`))
  const begun = Object.values(targets).filter((time) => time !== undefined)
  const at =
    begun.length > 0 ? timeOfBegun(begun, { suffix, at: time }, clock) : timeOfNew(sources, { tables, at: time })
  const tablePlans = await forEachKind((kind) => ({
    source: tables[kind],
    target: `${tables[kind]}-${suffix}`,
    exists: targets[kind] !== undefined,
    timeToLive: sources[kind].timeToLive,
  }))
  for (const kind of kinds) {
    if (!/^[\w.-]{3,255}$/.test(tablePlans[kind].target))
      throw new UsageError(
        `--suffix makes "${tablePlans[kind].target}", and a name has 3 to 255 letters, digits, "_", "-" and ".".`,
      )
  }
  return { at, tables: tablePlans }
}

async function inspectSource(database: Database, kind: Kind, table: string): Promise<Source> {
  const { Table = {} } = await calling('DescribeTable', table, () =>
    database.send(new DescribeTableCommand({ TableName: table })),
  )
  const wrong = differences(Table, shapes[kind])
  if (wrong.length > 0) throw new Failure(`"${table}" is no table of ${kind}: ${wrong.join('; ')}.`, 'misfit')
  const { ContinuousBackupsDescription } = await calling('DescribeContinuousBackups', table, () =>
    database.send(new DescribeContinuousBackupsCommand({ TableName: table })),
  )
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription
  const [earliest, latest] = [recovery?.EarliestRestorableDateTime, recovery?.LatestRestorableDateTime]
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED' || !earliest || !latest)
    throw new Failure(
      `The point-in-time recovery of "${table}" is off, so there is nothing to restore it from; switch it on for the next time.`,
      'misfit',
    )
  const { TimeToLiveDescription: ttl } = await calling('DescribeTimeToLive', table, () =>
    database.send(new DescribeTimeToLiveCommand({ TableName: table })),
  )
  const isOn = ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING'
  return { earliest, latest, timeToLive: isOn ? ttl.AttributeName : undefined }
}

/** The description of a table; undefined if there is none of this name. */
export async function describe(database: Database, table: string): Promise<TableDescription | undefined> {
  return calling('DescribeTable', table, async () => {
    try {
      return (await database.send(new DescribeTableCommand({ TableName: table }))).Table
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return undefined
      throw error
    }
  })
}

/** To which time an earlier call has restored the target; undefined if there is no such table. */
async function begunRestore(database: Database, source: string, target: string): Promise<Date | undefined> {
  const found = await describe(database, target)
  if (!found) return undefined
  const { SourceTableArn = '', RestoreDateTime } = found.RestoreSummary ?? {}
  if (RestoreDateTime && SourceTableArn.endsWith(`:table/${source}`)) return RestoreDateTime
  throw new Failure(`"${target}" exists and is no restored "${source}": choose another --suffix.`, 'exists')
}

function timeOfBegun(begun: readonly Date[], { at, suffix }: Pick<Wanted, 'at' | 'suffix'>, clock: Clock): Date {
  const [time = new Date(0)] = begun
  const shown = time.toISOString()
  if (begun.some((other) => other.getTime() !== time.getTime()))
    throw new Failure(
      `The tables with the suffix "${suffix}" were restored to several times: choose another --suffix.`,
      'exists',
    )
  if (at && at.getTime() !== time.getTime())
    throw new Failure(
      `The tables with the suffix "${suffix}" are being restored to ${shown}: give that as --at to go on, or another --suffix.`,
      'exists',
    )
  if (!at && clock.now() - time.getTime() > dayMs)
    throw new Failure(
      `The tables with the suffix "${suffix}" are of a restore to ${shown}, more than a day ago: give that as --at to go on with it, or another --suffix.`,
      'exists',
    )
  return time
}

/** DynamoDB restores to whole seconds. */
const wholeSecond = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000)

/** All tables can be restored up to the time of the slowest one. */
function timeOfNew(sources: Readonly<Record<Kind, Source>>, { at, tables }: Pick<Wanted, 'at' | 'tables'>): Date {
  const latest = Math.min(...kinds.map((kind) => sources[kind].latest.getTime()))
  if (!at) return wholeSecond(latest)
  for (const kind of kinds) {
    const { earliest, latest: last } = sources[kind]
    if (at < earliest || at > last)
      throw new UsageError(
        `--at is ${at.toISOString()}, and "${tables[kind]}" can be restored from ${earliest.toISOString()} to ${last.toISOString()}.`,
      )
  }
  return at
}
