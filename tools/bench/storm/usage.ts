import type { DatabaseUsage, InvocationUsage } from '../../../local/usage.ts'

/** What a function used, by client. */
export interface Share {
  name: string
  invocations: number
  milliseconds: number
  readUnits: number
  /** Those of the read units that went into looking who is in the room. */
  rosterUnits: number
  writeUnits: number
  calls: string
}

/** In the order in which a client that comes back meets them. */
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

export const forget = (run: Run) => fetch(usageOf(run), { method: 'DELETE' })

/** What was used since, shared out among so many, once nothing moves any more. */
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
      // A transaction stands in the record once for each table that it touches.
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

/** A connect asks the same table for a user's other connections. */
const isRoster = (name: string, { operation, table }: DatabaseUsage) =>
  name !== 'Connect' && operation === 'Query' && table.includes('Sessions')
