import { type Forwarding, forwarding, type Reply, refused } from './forwarding.ts'

type Fields = Record<string, unknown>

interface Copy {
  /** Milliseconds since 1970. */
  at: number
  items: ReadonlyMap<string, Fields[]>
}

/** What DynamoDB knows of a table beside its items. The embedded database has no such settings. */
interface Settings {
  isProtected: boolean
  isBackedUp: boolean
  stream: string | undefined
  streamArn: string | undefined
  timeToLive: string | undefined
  restored: { source: string; at: number } | undefined
  /** Calls for which the table is still being made or changed. */
  busy: number
}

export interface PointInTime extends Forwarding {
  /** Keeps a copy of the tables as they are: a restore to this time or a later one brings it back. */
  remember(at: number): Promise<void>
  settings(table: string): Settings
  /** Actions that the caller lacks. */
  readonly denied: Set<string>
  /** Calls that would change something, in order. */
  readonly changes: string[]
  /** Calls for which a new table is busy. */
  busyFor: number
}

export const arnOf = (table: string): string => `arn:aws:dynamodb:us-east-1:123456789012:table/${table}`

const seconds = (ms: number): number => ms / 1000

const ok = (body: Fields): Reply => ({ status: 200, body })

const notFound = (table: string) =>
  refused('ResourceNotFoundException', `Requested resource not found: Table: ${table} not found`)

/**
 * DynamoDB with point-in-time recovery, as the service answers: a restored table is new, is busy for a while, and has
 * lost stream, time to live, protection and backups. It restores copies that were taken by `remember`.
 */
export async function pointInTime(database: string, tables: readonly string[]): Promise<PointInTime> {
  const copies: Copy[] = []
  const known = new Map<string, Settings>()
  const [denied, changes] = [new Set<string>(), [] as string[]]
  const settings = (table: string): Settings => {
    const found = known.get(table)
    if (found) return found
    const isOriginal = tables.includes(table)
    const made: Settings = {
      isProtected: isOriginal,
      isBackedUp: isOriginal,
      stream: undefined,
      streamArn: undefined,
      timeToLive: undefined,
      restored: undefined,
      busy: 0,
    }
    known.set(table, made)
    return made
  }

  async function allItems(table: string): Promise<Fields[]> {
    const items: Fields[] = []
    let ExclusiveStartKey: unknown
    do {
      const { body } = await front.ask('Scan', {
        TableName: table,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      })
      items.push(...((body.Items as Fields[] | undefined) ?? []))
      ExclusiveStartKey = body.LastEvaluatedKey
    } while (ExclusiveStartKey)
    return items
  }

  async function restore({ SourceTableName, TargetTableName, RestoreDateTime }: Fields): Promise<Reply> {
    const [source, target, at] = [String(SourceTableName), String(TargetTableName), Number(RestoreDateTime) * 1000]
    const { status, body } = await front.ask('DescribeTable', { TableName: source })
    if (status !== 200) return refused('TableNotFoundException', `Table not found: ${source}`)
    const copy = copies.filter((each) => each.at <= at).at(-1)
    if (!copy) return refused('InvalidRestoreTimeException', 'The restore time is before the earliest one.')
    const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes = [] } = body.Table as Fields
    const indexes = (GlobalSecondaryIndexes as Fields[]).map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }))
    const made = await front.ask('CreateTable', {
      TableName: target,
      KeySchema,
      AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    })
    if (made.status !== 200) return refused('TableAlreadyExistsException', `Table already exists: ${target}`)
    for (const Item of copy.items.get(source) ?? []) await front.ask('PutItem', { TableName: target, Item })
    Object.assign(settings(target), { restored: { source, at }, busy: server.busyFor })
    return ok({ TableDescription: { TableName: target, TableStatus: 'CREATING' } })
  }

  async function described(table: string): Promise<Reply> {
    const { status, body } = await front.ask('DescribeTable', { TableName: table })
    if (status !== 200) return notFound(table)
    const now = settings(table)
    const isBusy = now.busy > 0
    if (isBusy) now.busy--
    return ok({
      Table: {
        ...(body.Table as Fields),
        TableStatus: isBusy ? 'CREATING' : 'ACTIVE',
        DeletionProtectionEnabled: now.isProtected,
        ...(now.stream && {
          StreamSpecification: { StreamEnabled: true, StreamViewType: now.stream },
          LatestStreamArn: now.streamArn,
        }),
        ...(now.restored && {
          RestoreSummary: {
            SourceTableArn: arnOf(now.restored.source),
            RestoreDateTime: seconds(now.restored.at),
            RestoreInProgress: isBusy,
          },
        }),
      },
    })
  }

  async function updateTable(table: string, input: Fields): Promise<Reply> {
    const now = settings(table)
    if (now.busy > 0) return refused('ResourceInUseException', `Table is being updated: ${table}`)
    const { StreamSpecification, DeletionProtectionEnabled } = input
    if (StreamSpecification && DeletionProtectionEnabled !== undefined)
      return refused('ValidationException', 'One or more parameter values were invalid: only one change at a time')
    if (StreamSpecification) {
      now.stream = String((StreamSpecification as Fields).StreamViewType)
      now.streamArn = `${arnOf(table)}/stream/2000-01-01T00:00:00.000`
    } else now.isProtected = DeletionProtectionEnabled === true
    now.busy = 1
    return ok({ TableDescription: { TableName: table, TableStatus: 'UPDATING' } })
  }

  function backups(table: string): Reply {
    const isOn = settings(table).isBackedUp
    const [first, last] = [copies[0], copies.at(-1)]
    const PointInTimeRecoveryDescription = {
      PointInTimeRecoveryStatus: isOn ? 'ENABLED' : 'DISABLED',
      ...(isOn &&
        first &&
        last && { EarliestRestorableDateTime: seconds(first.at), LatestRestorableDateTime: seconds(last.at) }),
    }
    // This outer status is `ENABLED` for every table.
    return ok({ ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription } })
  }

  const isThere = async (table: string) => (await front.ask('DescribeTable', { TableName: table })).status === 200

  let isRefusedOnce = false
  async function answer(operation: string, input: Fields): Promise<Reply | undefined> {
    const table = String(input.TableName ?? input.SourceTableName ?? '')
    if (denied.has(operation))
      return refused(
        'AccessDeniedException',
        `User is not authorized to perform: dynamodb:${operation} on ${arnOf(table)}`,
      )
    if (/^(Restore|Update)/.test(operation) && (operation.startsWith('Restore') || (await isThere(table))))
      changes.push(`${operation} ${String(input.TargetTableName ?? table)}`)
    switch (operation) {
      case 'RestoreTableToPointInTime':
        return restore(input)
      case 'DescribeTable':
        return described(table)
      case 'UpdateTable':
        return (await isThere(table)) ? updateTable(table, input) : notFound(table)
      case 'DescribeContinuousBackups':
        return (await isThere(table)) ? backups(table) : refused('TableNotFoundException', `Table not found: ${table}`)
      case 'UpdateContinuousBackups': {
        if (!(await isThere(table))) return refused('TableNotFoundException', `Table not found: ${table}`)
        isRefusedOnce = !isRefusedOnce
        if (isRefusedOnce)
          return refused(
            'ContinuousBackupsUnavailableException',
            'Backups are being enabled for the table. Please retry later',
          )
        settings(table).isBackedUp = true
        return backups(table)
      }
      case 'UpdateTimeToLive':
        settings(table).timeToLive = String((input.TimeToLiveSpecification as Fields).AttributeName)
        return ok({ TimeToLiveSpecification: input.TimeToLiveSpecification })
      case 'DescribeTimeToLive': {
        if (!(await isThere(table))) return notFound(table)
        const { timeToLive } = settings(table)
        const on = timeToLive !== undefined
        return ok({
          TimeToLiveDescription: {
            TimeToLiveStatus: on ? 'ENABLED' : 'DISABLED',
            ...(on && { AttributeName: timeToLive }),
          },
        })
      }
    }
    return undefined
  }

  const front = await forwarding(database, answer)
  const server: PointInTime = {
    ...front,
    settings,
    denied,
    changes,
    busyFor: 2,
    async remember(at) {
      const items = new Map<string, Fields[]>()
      for (const table of tables) items.set(table, await allItems(table))
      copies.push({ at, items })
    },
  }
  return server
}
