import { writeFileSync } from 'node:fs'
import { countsFile, readCounts } from '../../tools/price/counts.ts'
import { Verbs } from '../../tools/price/verbs.ts'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { converse, modelled } from './conversation.ts'
import { counting } from './counting.ts'
import { refreshed, theDocument, written } from './document.ts'

const isRefresh = process.env.UPDATE_COUNTS === '1'
let run: LocalRun

beforeAll(async () => {
  run = await startLocalRun()
})

afterAll(() => run?.stop())

/** Numbers by the path that leads to them. */
const numbersIn = (value: object, path = ''): [string, number][] =>
  Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, number][] => {
    if (typeof inner === 'object' && inner !== null) return numbersIn(inner, `${path}${name}.`)
    return typeof inner === 'number' ? [[`${path}${name}`, inner]] : []
  })

/** An entry also names who spoke within the last seconds: on a slow machine those are fewer, and it is shorter. */
const mayLack = (path: string) => (path === 'entryBytes' ? 0.3 : 0.1)

const areBytes = (path: string) => /bytes$|asked$|answered$/i.test(path)

test('the counts are those of the code; UPDATE_COUNTS=1 npx jest test/tools/measured takes new ones', async () => {
  const now = await counting(run)
  if (isRefresh) writeFileSync(countsFile, `${JSON.stringify(now, null, 2)}\n`)
  const [counted, known] = [numbersIn(now), new Map(numbersIn(readCounts()))]
  const units = counted.filter(([path]) => !areBytes(path))
  expect(Object.fromEntries(units)).toEqual(Object.fromEntries(units.map(([path]) => [path, known.get(path)])))
  // A field more in an answer is no other price.
  for (const [path, bytes] of counted.filter(([path]) => areBytes(path))) {
    const expected = known.get(path) ?? Number.NaN
    const close = bytes >= expected * (1 - mayLack(path)) && bytes <= expected * 1.1
    expect({ path, bytes, expected, close }).toEqual({ path, bytes, expected, close: true })
  }
})

test('what a conversation uses is what the bill says of it', async () => {
  const { counted, seen } = await converse(run)
  const { readUnits, writeUnits, posts, invocations, framesOut, sentBytes } = modelled(new Verbs(readCounts()))
  expect({ ...counted, framesOut: seen.frames }).toMatchObject({
    readUnits,
    writeUnits,
    posts,
    invocations,
    framesOut,
    errors: 0,
  })
  expect(sentBytes / seen.bytes).toBeGreaterThan(0.98)
  expect(sentBytes / seen.bytes).toBeLessThan(1.02)
})

test('docs/price.md shows what the commands print', () => {
  if (isRefresh) written(refreshed(theDocument()))
  expect(theDocument()).toBe(refreshed(theDocument()))
})
