import type { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { type Consumption, consumed } from '../consumption.ts'
import { median } from '../percentiles.ts'
import { rounded } from '../report.ts'

/** What a question took, with all the calls that its answer needed. */
export interface Looked {
  found: number
  calls: number
  seconds: number
  /** What each call took inside the function, by its own line in the log. */
  functionMs: number[]
  used: Consumption
}

/** Which line of the log tells the time of which route. */
const lineOfRoute = /\{.*"route":"(\w+)".*"ms":(\d+).*\}/

/** Hears what functions print, and keeps the milliseconds that they tell of. */
export function timekeeper() {
  let heard: [route: string, ms: number][] = []
  return {
    hear(line: string): void {
      const [, route, ms] = lineOfRoute.exec(line) ?? []
      if (route !== undefined) heard.push([route, Number(ms)])
    },
    /** The times of a route since they were last taken. */
    take(route: string): number[] {
      const times = heard.filter(([name]) => name === route).map(([, ms]) => ms)
      heard = []
      return times
    },
  }
}

/** A local run, somebody who asks it, and what its functions tell of their time. */
export interface Scene {
  run: { origin: string }
  keeper: ReturnType<typeof timekeeper>
  client: ChatSocket
}

/** Asks on with each cursor until the answer is complete, or the once. */
export async function look(
  { run, keeper, client }: Scene,
  action: string,
  fields: object,
  pages: 'all' | 'one' = 'all',
): Promise<Looked> {
  const looked = { found: 0, calls: 0, seconds: 0 }
  keeper.take(action)
  const used = await consumed(run, 1, async () => {
    const startedAt = performance.now()
    let cursor: unknown
    do {
      const reply = await client.ask(action, { ...fields, ...(cursor !== undefined && { cursor }) })
      looked.found += (reply.rooms ?? reply.messages).length
      looked.calls++
      cursor = pages === 'all' ? reply.cursor : undefined
    } while (cursor !== undefined)
    looked.seconds = (performance.now() - startedAt) / 1000
  })
  return { ...looked, used, functionMs: keeper.take(action) }
}

/** The columns of its times. */
export const times = ['s in all', 'function ms, median', 'slowest']

export const timesOf = ({ seconds, functionMs }: Looked) => [
  rounded(seconds),
  rounded(median(functionMs)),
  Math.max(...functionMs),
]
