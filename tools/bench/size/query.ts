import type { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { type Consumption, consumed } from '../consumption.ts'
import { median } from '../percentiles.ts'
import { rounded } from '../report.ts'

/** The use of a query with all calls of its complete answer. */
export interface QueryResult {
  found: number
  calls: number
  seconds: number
  /** The time of each call in the function, read from the log. */
  functionMs: number[]
  used: Consumption
}

/** The log line of a function with its verb and its time. */
const timeLine = /\{.*"verb":"(\w+)".*"ms":(\d+).*\}/

/** Reads the log output of functions and collects their times. */
export function logTimes() {
  let times: [route: string, ms: number][] = []
  return {
    read(line: string): void {
      const [, route, ms] = timeLine.exec(line) ?? []
      if (route !== undefined) times.push([route, Number(ms)])
    },
    /** The times of a route since the last call. */
    take(route: string): number[] {
      const found = times.filter(([name]) => name === route).map(([, ms]) => ms)
      times = []
      return found
    },
  }
}

/** A local run, a client of it, and the times of its functions. */
export interface Setup {
  run: { origin: string }
  times: ReturnType<typeof logTimes>
  client: ChatSocket
}

/** Repeats a request with each cursor until the answer is complete, or sends it once. */
export async function runQuery(
  { run, times, client }: Setup,
  action: string,
  fields: object,
  pages: 'all' | 'one' = 'all',
): Promise<QueryResult> {
  const result = { found: 0, calls: 0, seconds: 0 }
  times.take(action)
  const used = await consumed(run, 1, async () => {
    const startedAt = performance.now()
    let cursor: unknown
    do {
      const reply = await client.ask(action, { ...fields, ...(cursor !== undefined && { cursor }) })
      result.found += (reply.rooms ?? reply.messages).length
      result.calls++
      cursor = pages === 'all' ? reply.cursor : undefined
    } while (cursor !== undefined)
    result.seconds = (performance.now() - startedAt) / 1000
  })
  return { ...result, used, functionMs: times.take(action) }
}

/** The head of the columns of `timeCells`. */
export const timeColumns = ['s in all', 'function ms, median', 'slowest']

export const timeCells = ({ seconds, functionMs }: QueryResult) => [
  rounded(seconds),
  rounded(median(functionMs)),
  Math.max(...functionMs),
]
