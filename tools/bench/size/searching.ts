import { messageAt, messageWords, sentAt, silent, textAt } from '../../load/conversation.ts'
import { usual } from '../../load/fill.ts'
import { longRoom, roomId } from '../../load/population.ts'
import { progress } from '../progress.ts'
import { type Cell, rounded, table, verdict } from '../report.ts'
import { look, type Scene, times, timesOf } from './looking.ts'

/** The most that a call may take. */
const mostMs = 1000

/** Looking for messages in a long log, beside what it takes to read all of it. */
export async function searching(
  scene: Scene,
  { strong, eventual }: { strong: number; eventual: number },
): Promise<string> {
  const room = { roomId: roomId(longRoom), limit: 500 }
  const late = Math.floor(usual.messages * 0.8)
  const { rare, common, phrase } = messageWords
  const after = { from: new Date(sentAt(late)).toISOString(), order: 'newest' }
  const has = (text: string) => (seq: number) => textAt(seq).includes(text)
  const bySilent = (seq: number) => messageAt(seq, () => '').from?.user === silent.user
  const situations: [situation: string, fields: object, matches: (seq: number) => boolean][] = [
    ['a rare word', { search: rare }, has(rare)],
    ['a word of every twentieth message', { search: common }, has(common)],
    ['a phrase', { search: phrase, match: 'phrase' }, has(phrase)],
    ['an author', { authors: [silent.user] }, bySilent],
    ['a rare word, in the last fifth by date', { search: rare, ...after }, (seq) => seq >= late && has(rare)(seq)],
  ]
  await look(scene, 'history', { ...room, search: rare }, 'one')
  const rows: Cell[][] = []
  const add = async (situation: string, fields: object, matches: (seq: number) => boolean, pages: 'all' | 'one') => {
    progress(`size: search, ${situation}`)
    const looked = await look(scene, 'history', { ...room, ...fields }, pages)
    const expected = Array.from({ length: usual.messages }, (_, at) => at + 1).filter(matches).length
    const { readUnits } = looked.used
    const shares = [strong, eventual].map((pass) => rounded(readUnits / pass))
    const slowest = Math.max(...looked.functionMs)
    const target = `units ${verdict(rounded(readUnits), rounded(strong))}; ms ${verdict(slowest, mostMs)}`
    const found = [looked.found, expected]
    rows.push([situation, ...found, looked.calls, rounded(readUnits), ...shares, ...timesOf(looked), target])
  }
  for (const [situation, fields, matches] of situations) await add(situation, fields, matches, 'all')
  await add('the first page of a frequent word', { search: common, limit: 30 }, has(common), 'one')
  const units = ['read units', 'of a pass', 'of an eventual pass']
  return table(['search for', 'found', 'of', 'calls', ...units, ...times, 'target'], rows)
}
