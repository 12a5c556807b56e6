import { forEachKind, kinds, type TableNames } from '../tables/kept.ts'
import { type Erasing, eraseAgain } from './erasures.ts'
import { type Logs, readLogs } from './logs.ts'
import { mend } from './mend.ts'
import { startRestores, untilActive } from './new-tables.ts'
import { checkPermissions } from './permissions.ts'
import { planRestore, type Wanted } from './plan.ts'
import { protect, setAgain } from './settings.ts'

/** A restore that has come to its end. */
export interface Restored {
  /** ISO 8601. */
  at: string
  tables: TableNames
  messagesStream: string
  /** When the newest of the tables was made, in seconds since 1970. */
  madeAt: number
  /** As it was found. */
  logs: Logs
  /** Whether no log has a hole now. */
  isMended: boolean
  erasures: number
  /** Seconds of each step of this call. */
  seconds: Record<string, number>
}

/** Holes that are named; the others are counted. */
const named = 20

/** Restores the tables, and does everything up to the deployment that uses them. */
export async function restoreTables(restoring: Erasing, wanted: Wanted, mayMend: boolean): Promise<Restored> {
  const { clock, database, lambdaClock, output } = restoring
  const seconds: Record<string, number> = {}
  const timed = async <Value>(step: string, run: () => Promise<Value>): Promise<Value> => {
    const startedAt = clock.now()
    const value = await run()
    seconds[step] = Math.round((clock.now() - startedAt) / 100) / 10
    output.note(`${step}: ${seconds[step]} s`)
    return value
  }
  const plan = await timed('look', async () => {
    const made = await planRestore(database, clock, wanted)
    await checkPermissions(database, made)
    return made
  })
  // The deployment takes the old tables out of the stack, which deletes them where its setting is removal=delete.
  await timed('protect', () => forEachKind((kind) => protect(restoring, kind, plan.tables[kind].source)))
  const tables = await forEachKind((kind) => plan.tables[kind].target)
  await timed('restore', async () => {
    await startRestores(restoring, plan)
    for (const kind of kinds) await untilActive(restoring, tables[kind])
  })
  const streams = await timed('set', () => forEachKind((kind) => setAgain(restoring, kind, plan.tables[kind])))
  const logs = await timed('check', () => readLogs(restoring, tables))
  tell(restoring, logs)
  const isDense = logs.holes.length === 0 && logs.withoutLog.length === 0
  if (!isDense && mayMend) await timed('mend', () => mend(database, lambdaClock, tables.messages, logs))
  const erasures = await timed('erase', () => eraseAgain(restoring, plan))
  const made = await forEachKind(async (kind) => (await untilActive(restoring, tables[kind])).CreationDateTime)
  return {
    at: plan.at.toISOString(),
    tables,
    messagesStream: streams.messages,
    madeAt: Math.max(...kinds.map((kind) => Math.floor((made[kind]?.getTime() ?? 0) / 1000))),
    logs,
    isMended: isDense || mayMend,
    erasures,
    seconds,
  }
}

function tell({ output }: Erasing, { logs, entries, holes, withoutLog }: Logs): void {
  output.note(
    `${logs} logs with ${entries} entries; ${holes.length} positions are missing, ${withoutLog.length} rooms have no log`,
  )
  for (const { roomId, seq } of holes.slice(0, named)) output.note(`room ${roomId} lacks the position ${seq}`)
  for (const roomId of withoutLog.slice(0, named)) output.note(`room ${roomId} has no log`)
}
