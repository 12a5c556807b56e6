import type { DatabaseUsage, InvocationUsage, PostUsage } from '../../local/usage.ts'

interface Usage {
  dynamodb: DatabaseUsage[]
  posts: PostUsage[]
  invocations: InvocationUsage[]
}

/** The use of a situation, for each occurrence. */
export interface Consumption {
  readUnits: number
  /** The part of the read units for rosters. */
  rosterUnits: number
  writeUnits: number
  posts: number
  /** Calls by operation and table, as in `Query Messages`. */
  calls: Map<string, number>
  /** Read units by the same names. */
  readUnitsOf: Map<string, number>
  /** Finished invocations by function: `Send`. */
  functions: Map<string, { calls: number; milliseconds: number }>
}

/**
 * The units of a refused write. The local database reports none, but the cloud bills it like a successful one: an item
 * of up to 1 KB is one unit; the only refused transaction here is that of a join, two items of two units each.
 */
const refused: { [operation: string]: number } = { PutItem: 1, UpdateItem: 1, DeleteItem: 1, TransactWriteItems: 4 }

type Run = { origin: string }

/** Runs the action and returns its use, as soon as the usage no longer changes. */
export async function consumed(run: Run, times: number, action: () => Promise<unknown>): Promise<Consumption> {
  await settled(run)
  await fetch(usageOf(run), { method: 'DELETE' })
  await action()
  return summary(await settled(run), times)
}

const usageOf = ({ origin }: Run) => `${origin}/_local/usage`

/** Waits until the usage no longer changes, as functions such as `$disconnect` run after the reply. */
async function settled(run: Run): Promise<Usage> {
  let before = ''
  for (;;) {
    const now = await (await fetch(usageOf(run))).text()
    if (now === before) return JSON.parse(now)
    before = now
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

function summary({ dynamodb, posts, invocations }: Usage, times: number): Consumption {
  const calls = new Map<string, number>()
  const readUnitsOf = new Map<string, number>()
  for (const line of dynamodb) {
    const name = nameOf(line)
    const before = calls.get(name) ?? 0
    readUnitsOf.set(name, (readUnitsOf.get(name) ?? 0) + line.readUnits / times)
    // The usage has a transaction once for each of its tables.
    const transaction = line.operation === 'TransactWriteItems'
    calls.set(name, transaction ? Math.max(before, line.calls / times) : before + line.calls / times)
  }
  const sum = (units: (line: DatabaseUsage) => number) =>
    dynamodb.reduce((total, line) => total + units(line), 0) / times
  return {
    readUnits: sum((line) => line.readUnits),
    rosterUnits: sum((line) => (nameOf(line) === 'Query Sessions' && !isConnect(line) ? line.readUnits : 0)),
    writeUnits: sum((line) => line.writeUnits + line.errors * (refused[line.operation] ?? 0)),
    posts: posts.reduce((total, line) => total + line.calls, 0) / times,
    calls,
    readUnitsOf,
    functions: new Map(
      invocations.map(({ function: name, calls: count, milliseconds }) => [
        functionOf(name),
        { calls: count / times, milliseconds: milliseconds / times },
      ]),
    ),
  }
}

/** The name of a function in the template, without the stack name and the suffix. */
const functionOf = (name: string) => /(\w+)Function/.exec(name)?.[1] ?? name

/** The name of a table in the template, without the prefix and the suffix of eight characters. */
const tableOf = ({ table }: DatabaseUsage) => /Tables(\w+)\w{8}$/.exec(table)?.[1] ?? table

const nameOf = (line: DatabaseUsage) =>
  line.operation === 'TransactWriteItems' ? line.operation : `${line.operation} ${tableOf(line)}`

/** A connect queries the same table for the user's other connections. */
const isConnect = (line: DatabaseUsage) => line.function.includes('Connect')
