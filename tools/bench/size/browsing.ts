import { defaultSize } from '../../load/fill.ts'
import { longRoom, roomAt, roomWords } from '../../load/population.ts'
import { progress } from '../progress.ts'
import { type Cell, rounded, table, verdict } from '../report.ts'
import { runQuery, type Setup, timeCells, timeColumns } from './query.ts'

/** The units of one page of a query. For 1,000 rooms the index may cost one eventual page, and the whole query one strong page. */
const page = { strong: 256, eventual: 128 }

/** Each kind of query in a directory of many rooms. */
export async function browsing(setup: Setup): Promise<string> {
  const word = (text: string) => ({ criteria: { text } })
  const situations: [situation: string, fields: object][] = [
    ['a word that few rooms have', word(roomWords.rare)],
    ['a word that a tenth has', word(roomWords.common)],
    ['a word that a tenth has, all of them secret', word(roomWords.secret)],
    ['one category', { categoryId: roomAt(longRoom, defaultSize.categories).room.categoryId }],
    ['mine', { mine: true }],
  ]
  await runQuery(setup, 'browse', word(roomWords.rare), 'one')
  const rows: Cell[][] = []
  for (const [situation, fields] of situations) {
    progress(`size: browse, ${situation}`)
    const result = await runQuery(setup, 'browse', fields)
    const { readUnits, readUnitsOf } = result.used
    // The index and the viewer's grants; the rest of the units is for the rooms of the reply.
    const indexUnits = readUnitsOf.get('Query Rooms') ?? 0
    const per1000 = (units: number) => rounded((1000 * units) / defaultSize.rooms)
    const [index, all] = [per1000(indexUnits), per1000(readUnits)] as const
    const target = `looking ${verdict(index, page.eventual)}; all ${verdict(all, page.strong)}`
    const units = [rounded(readUnits), rounded(indexUnits), index, all]
    rows.push([situation, result.found, result.calls, ...units, ...timeCells(result), target])
  }
  const head = [
    'browse',
    'rooms',
    'calls',
    'read units',
    'of these looking',
    'looking, per 1,000',
    'all, per 1,000',
    ...timeColumns,
    'target',
  ]
  return table(head, rows)
}
