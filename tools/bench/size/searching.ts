import { messageAt, messageWords, rareAuthor, sentAt, textAt } from '../../load/conversation.ts'
import { defaultSize } from '../../load/fill.ts'
import { longRoom, roomId } from '../../load/population.ts'
import { progress } from '../progress.ts'
import { type Cell, rounded, table, verdict } from '../report.ts'
import { runQuery, type Setup, timeCells, timeColumns } from './query.ts'

/** The maximum of milliseconds for one call. */
const mostMs = 1000

/** Each kind of search in a long log, compared with reading all of it. */
export async function searching(
  setup: Setup,
  { strong, eventual }: { strong: number; eventual: number },
): Promise<string> {
  const room = { roomId: roomId(longRoom), limit: 500 }
  const late = Math.floor(defaultSize.messages * 0.8)
  const { rare, common, phrase } = messageWords
  const after = { from: new Date(sentAt(late)).toISOString(), order: 'newest' }
  const has = (text: string) => (seq: number) => textAt(seq).includes(text)
  const byRareAuthor = (seq: number) => messageAt(seq, () => '').from?.user === rareAuthor.user
  const situations: [situation: string, fields: object, matches: (seq: number) => boolean][] = [
    ['a rare word', { search: rare }, has(rare)],
    ['a word of every twentieth message', { search: common }, has(common)],
    ['a phrase', { search: phrase, match: 'phrase' }, has(phrase)],
    ['an author', { authors: [rareAuthor.user] }, byRareAuthor],
    ['a rare word, in the last fifth by date', { search: rare, ...after }, (seq) => seq >= late && has(rare)(seq)],
  ]
  await runQuery(setup, 'history', { ...room, search: rare }, 'one')
  const rows: Cell[][] = []
  const add = async (situation: string, fields: object, matches: (seq: number) => boolean, pages: 'all' | 'one') => {
    progress(`size: search, ${situation}`)
    const result = await runQuery(setup, 'history', { ...room, ...fields }, pages)
    const expected = Array.from({ length: defaultSize.messages }, (_, at) => at + 1).filter(matches).length
    const { readUnits } = result.used
    const shares = [strong, eventual].map((pass) => rounded(readUnits / pass))
    const slowest = Math.max(...result.functionMs)
    const target = `units ${verdict(rounded(readUnits), rounded(strong))}; ms ${verdict(slowest, mostMs)}`
    const found = [result.found, expected]
    rows.push([situation, ...found, result.calls, rounded(readUnits), ...shares, ...timeCells(result), target])
  }
  for (const [situation, fields, matches] of situations) await add(situation, fields, matches, 'all')
  await add('the first page of a frequent word', { search: common, limit: 30 }, has(common), 'one')
  const units = ['read units', 'of a pass', 'of an eventual pass']
  return table(['search for', 'found', 'of', 'calls', ...units, ...timeColumns, 'target'], rows)
}
