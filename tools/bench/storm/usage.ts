import type { DatabaseUsage, InvocationUsage } from '../../../local/usage.ts'

/** The use of one function, divided by the clients. */
export interface Share {
  name: string
  invocations: number
  milliseconds: number
  readUnits: number
  /** The part of the read units for rosters. */
  rosterUnits: number
  writeUnits: number
  calls: string
}

/** In the order in which a returning client uses them. */
const functions = [
  'Disconnect',
  'Authorizer',
  'Connect',
  'Hello',
  'Join',
  'History',
  'Sync',
  'Send',
  'Broadcast',
  'Deliver',
]

type Run = { origin: string }

const usageOf = ({ origin }: Run) => `${origin}/_local/usage`

export const resetUsage = (run: Run) => fetch(usageOf(run), { method: 'DELETE' })

/** The use since the reset, divided by the clients, as soon as it no longer changes. */
export async function shares(run: Run, clients: number): Promise<Share[]> {
  let before = ''
  for (;;) {
    const now = await (await fetch(usageOf(run))).text()
    if (now === before) return sharesIn(JSON.parse(now), clients)
    before = now
    await new Promise((resolve) => setTimeout(resolve, 2000))
  }
}

type Usage = { dynamodb: DatabaseUsage[]; invocations: InvocationUsage[] }

function sharesIn({ dynamodb, invocations }: Usage, clients: number): Share[] {
  return functions.flatMap((name) => {
    const ran = invocations.find((one) => one.function.includes(`${name}Function`))
    if (!ran) return []
    const lines = dynamodb.filter((one) => one.function === ran.function)
    const sum = (units: (line: DatabaseUsage) => number) => lines.reduce((all, line) => all + units(line), 0) / clients
    const calls = new Map<string, number>()
    for (const { operation, table, calls: count } of lines) {
      // The usage has a transaction once for each of its tables.
      const isWhole = operation === 'TransactWriteItems'
      const named = isWhole ? operation : `${operation} ${/Tables(\w+)\w{8}$/.exec(table)?.[1]}`
      calls.set(named, isWhole ? Math.max(calls.get(named) ?? 0, count) : count)
    }
    return {
      name,
      invocations: ran.calls / clients,
      milliseconds: ran.milliseconds / clients,
      readUnits: sum((line) => line.readUnits),
      rosterUnits: sum((line) => (isRoster(name, line) ? line.readUnits : 0)),
      writeUnits: sum((line) => line.writeUnits),
      calls: [...calls].map(([call, count]) => `${(count / clients).toFixed(2)} × ${call}`).join(', '),
    }
  })
}

/** A connect queries the same table for the user's other connections. */
const isRoster = (name: string, { operation, table }: DatabaseUsage) =>
  name !== 'Connect' && operation === 'Query' && table.includes('Sessions')
