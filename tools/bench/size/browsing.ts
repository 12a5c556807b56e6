import { usual } from '../../load/fill.ts'
import { inhabitedAt, longRoom, roomWords } from '../../load/population.ts'
import { progress } from '../progress.ts'
import { type Cell, rounded, table, verdict } from '../report.ts'
import { look, type Scene, times, timesOf } from './looking.ts'

/** What one query hands out at once, in units. To look through 1,000 rooms may take an eventual one, all of it a strong one. */
const page = { strong: 256, eventual: 128 }

/** Looking for rooms of many in each of the ways. */
export async function browsing(scene: Scene): Promise<string> {
  const word = (text: string) => ({ criteria: { text } })
  const situations: [situation: string, fields: object][] = [
    ['a word that few rooms have', word(roomWords.rare)],
    ['a word that a tenth has', word(roomWords.common)],
    ['a word that a tenth has, all of them secret', word(roomWords.secret)],
    ['one category', { categoryId: inhabitedAt(longRoom, usual.categories).room.categoryId }],
    ['mine', { mine: true }],
  ]
  await look(scene, 'browse', word(roomWords.rare), 'one')
  const rows: Cell[][] = []
  for (const [situation, fields] of situations) {
    progress(`size: browse, ${situation}`)
    const looked = await look(scene, 'browse', fields)
    const { readUnits, readUnitsOf } = looked.used
    // The copies in the index, and what the viewer holds; the rest goes into the rooms that are shown.
    const looking = readUnitsOf.get('Query Rooms') ?? 0
    const per1000 = (units: number) => rounded((1000 * units) / usual.rooms)
    const [copies, all] = [per1000(looking), per1000(readUnits)] as const
    const target = `looking ${verdict(copies, page.eventual)}; all ${verdict(all, page.strong)}`
    const units = [rounded(readUnits), rounded(looking), copies, all]
    rows.push([situation, looked.found, looked.calls, ...units, ...timesOf(looked), target])
  }
  const head = [
    'browse',
    'rooms',
    'calls',
    'read units',
    'of these looking',
    'looking, per 1,000',
    'all, per 1,000',
    ...times,
    'target',
  ]
  return table(head, rows)
}
