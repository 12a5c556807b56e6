import { sentAt } from '../../load/conversation.ts'
import { defaultSize, fewMessages } from '../../load/fill.ts'
import { longRoom, roomId, shortRoom } from '../../load/population.ts'
import { median } from '../percentiles.ts'
import { progress } from '../progress.ts'
import { type Cell, rounded, verdict } from '../report.ts'
import { runQuery, type Setup } from './query.ts'

/** Each request is repeated this often, as its milliseconds vary; its units do not. */
const times = 5

const long = { roomId: roomId(longRoom), messages: defaultSize.messages }
const short = { roomId: roomId(shortRoom), messages: fewMessages }
type Log = typeof long

/** Joins with the newest messages, and joins that resume after a position. */
export async function joins(setup: Setup): Promise<Cell[][]> {
  const resume = (count: number) => (log: Log) => ({ after: log.messages - Math.min(count, log.messages - 50) })
  return compared(setup, 'join', [
    ['join with the newest 30', () => ({})],
    ['join, resuming after 10', resume(10)],
    ['join, resuming after 5,000 (beside: after 250)', resume(5000)],
  ])
}

/** Pages of the log from different positions. */
export async function history(setup: Setup): Promise<Cell[][]> {
  const middle = (log: Log) => Math.floor(log.messages / 2)
  return compared(setup, 'history', [
    ['history of the newest 30', () => ({})],
    ['history of 30 in the middle', (log) => ({ before: middle(log) })],
    ['history of 30 from a date on', (log) => ({ from: new Date(sentAt(middle(log))).toISOString() })],
  ])
}

type Situation = readonly [situation: string, fieldsOf: (log: Log) => object]

async function compared(setup: Setup, action: string, situations: readonly Situation[]): Promise<Cell[][]> {
  const rows: Cell[][] = []
  for (const [situation, fieldsOf] of situations) {
    progress(`size: ${situation}`)
    const reference = await measured(setup, action, short, fieldsOf)
    const { units, ms } = await measured(setup, action, long, fieldsOf)
    // Finding a date takes one more read for each doubling of the log.
    const halvings = situation.includes('date') ? Math.ceil(Math.log2(long.messages / short.messages)) : 0
    rows.push([situation, units, reference.units, ms, reference.ms, verdict(units, reference.units + halvings)])
  }
  return rows
}

async function measured(setup: Setup, action: string, log: Log, fieldsOf: (log: Log) => object) {
  const ms: number[] = []
  let units = 0
  for (let time = 0; time <= times; time++) {
    const result = await runQuery(setup, action, { roomId: log.roomId, ...fieldsOf(log) }, 'one')
    units = rounded(result.used.readUnits)
    // The first call is not counted, as it warms up.
    if (time > 0) ms.push(...result.functionMs)
    if (action === 'join') await setup.client.ask('leave', { roomId: log.roomId })
  }
  return { units, ms: rounded(median(ms)) }
}
