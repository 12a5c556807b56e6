import { sentAt } from '../../load/conversation.ts'
import { fewMessages, usual } from '../../load/fill.ts'
import { longRoom, roomId, shortRoom } from '../../load/population.ts'
import { median } from '../percentiles.ts'
import { progress } from '../progress.ts'
import { type Cell, rounded, verdict } from '../report.ts'
import { look, type Scene } from './looking.ts'

/** Each question is asked so often: its units are the same each time, its milliseconds are not. */
const times = 5

const long = { roomId: roomId(longRoom), messages: usual.messages }
const short = { roomId: roomId(shortRoom), messages: fewMessages }
type Log = typeof long

/** Joining, with the newest messages or with those since an earlier one. */
export async function entering(scene: Scene): Promise<Cell[][]> {
  const back = (count: number) => (log: Log) => ({ after: log.messages - Math.min(count, log.messages - 50) })
  return compared(scene, 'join', [
    ['join with the newest 30', () => ({})],
    ['join, resuming after 10', back(10)],
    ['join, resuming after 5,000 (beside: after 250)', back(5000)],
  ])
}

/** Pages of the log from different places. */
export async function reading(scene: Scene): Promise<Cell[][]> {
  const middle = (log: Log) => Math.floor(log.messages / 2)
  return compared(scene, 'history', [
    ['history of the newest 30', () => ({})],
    ['history of 30 in the middle', (log) => ({ before: middle(log) })],
    ['history of 30 from a date on', (log) => ({ from: new Date(sentAt(middle(log))).toISOString() })],
  ])
}

type Situation = readonly [situation: string, fieldsOf: (log: Log) => object]

async function compared(scene: Scene, action: string, situations: readonly Situation[]): Promise<Cell[][]> {
  const rows: Cell[][] = []
  for (const [situation, fieldsOf] of situations) {
    progress(`size: ${situation}`)
    const beside = await visited(scene, action, short, fieldsOf)
    const { units, ms } = await visited(scene, action, long, fieldsOf)
    // To find a moment takes a read for each doubling of the log, and is not meant to be as cheap in any.
    const halvings = situation.includes('date') ? Math.ceil(Math.log2(long.messages / short.messages)) : 0
    rows.push([situation, units, beside.units, ms, beside.ms, verdict(units, beside.units + halvings)])
  }
  return rows
}

async function visited(scene: Scene, action: string, log: Log, fieldsOf: (log: Log) => object) {
  const ms: number[] = []
  let units = 0
  for (let time = 0; time <= times; time++) {
    const looked = await look(scene, action, { roomId: log.roomId, ...fieldsOf(log) }, 'one')
    units = rounded(looked.used.readUnits)
    // The first one warms up.
    if (time > 0) ms.push(...looked.functionMs)
    if (action === 'join') await scene.client.ask('leave', { roomId: log.roomId })
  }
  return { units, ms: rounded(median(ms)) }
}
