import type { DatabaseUsage, InvocationUsage, PostUsage } from '../../local/usage.ts'

interface Record {
  dynamodb: DatabaseUsage[]
  posts: PostUsage[]
  invocations: InvocationUsage[]
}

/** What a situation used, each figure per occurrence. */
export interface Consumption {
  readUnits: number
  /** Of the read units, those that went into reading who is in the room. */
  rosterUnits: number
  writeUnits: number
  posts: number
  /** Calls by operation and table, as in `Query Messages`. */
  calls: Map<string, number>
  /** Read units by the same names. */
  readUnitsOf: Map<string, number>
  /** Invocations that have ended, by function: `Send`. */
  functions: Map<string, { calls: number; milliseconds: number }>
}

/**
 * The local run counts what the database tells, and it tells nothing for a refused write. The cloud bills one as if
 * it had been done: an item of up to 1 KB is one unit; the only transaction that is refused here is that of a join,
 * two items at two units each.
 */
const refused: { [operation: string]: number } = { PutItem: 1, UpdateItem: 1, DeleteItem: 1, TransactWriteItems: 4 }

type Run = { origin: string }

/** Runs the action and answers what it used, once nothing moves any more. */
export async function consumed(run: Run, times: number, action: () => Promise<unknown>): Promise<Consumption> {
  await settled(run)
  await fetch(usageOf(run), { method: 'DELETE' })
  await action()
  return summary(await settled(run), times)
}

const usageOf = ({ origin }: Run) => `${origin}/_local/usage`

/** What runs after a reply, such as a `$disconnect`, has run when the record stands still. */
async function settled(run: Run): Promise<Record> {
  let before = ''
  for (;;) {
    const now = await (await fetch(usageOf(run))).text()
    if (now === before) return JSON.parse(now)
    before = now
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

function summary({ dynamodb, posts, invocations }: Record, times: number): Consumption {
  const calls = new Map<string, number>()
  const readUnitsOf = new Map<string, number>()
  for (const line of dynamodb) {
    const name = nameOf(line)
    const before = calls.get(name) ?? 0
    readUnitsOf.set(name, (readUnitsOf.get(name) ?? 0) + line.readUnits / times)
    // A transaction stands in the record once for each table that it touches.
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

/** So are the functions', in which the stack's name comes first. */
const functionOf = (name: string) => /(\w+)Function/.exec(name)?.[1] ?? name

/** The tables' names in the template end in eight characters of their own. */
const tableOf = ({ table }: DatabaseUsage) => /Tables(\w+)\w{8}$/.exec(table)?.[1] ?? table

const nameOf = (line: DatabaseUsage) =>
  line.operation === 'TransactWriteItems' ? line.operation : `${line.operation} ${tableOf(line)}`

/** A connect asks the same table for a user's other connections. */
const isConnect = (line: DatabaseUsage) => line.function.includes('Connect')
