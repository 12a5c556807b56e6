import { writeFileSync } from 'node:fs'
import { countsFile, readCounts } from '../../tools/price/counts.ts'
import { Verbs } from '../../tools/price/verbs.ts'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { converse, modelled } from './conversation.ts'
import { countVerbs } from './counting.ts'
import { documents, readDocument, withOutputs, writeDocument } from './document.ts'

const isRefresh = process.env.UPDATE_COUNTS === '1'
let run: LocalRun

beforeAll(async () => {
  run = await startLocalRun()
})

afterAll(() => run?.stop())

/** All numbers of an object, by their paths. */
const numbersIn = (value: object, path = ''): [string, number][] =>
  Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, number][] => {
    if (typeof inner === 'object' && inner !== null) return numbersIn(inner, `${path}${name}.`)
    return typeof inner === 'number' ? [[`${path}${name}`, inner]] : []
  })

/** An entry also has the rate use of recent authors: on a slow machine those are fewer, and the entry is shorter. */
const tolerance = (path: string) => (path === 'entryBytes' ? 0.3 : 0.1)

const areBytes = (path: string) => /bytes$/i.test(path)

test('counts.json agrees with the code; UPDATE_COUNTS=1 npx jest test/tools/measured renews it', async () => {
  const now = await countVerbs(run)
  if (isRefresh) writeFileSync(countsFile, `${JSON.stringify(now, null, 2)}\n`)
  const [counted, known] = [numbersIn(now), new Map(numbersIn(readCounts()))]
  const units = counted.filter(([path]) => !areBytes(path))
  expect(Object.fromEntries(units)).toEqual(Object.fromEntries(units.map(([path]) => [path, known.get(path)])))
  // One more field in a reply does not change the price.
  for (const [path, bytes] of counted.filter(([path]) => areBytes(path))) {
    const expected = known.get(path) ?? Number.NaN
    const close = bytes >= expected * (1 - tolerance(path)) && bytes <= expected * 1.1
    expect({ path, bytes, expected, close }).toEqual({ path, bytes, expected, close: true })
  }
})

test('the bill of a conversation agrees with its counted use', async () => {
  const { counted, received } = await converse(run)
  const { readUnits, writeUnits, posts, invocations, framesOut, sentBytes } = modelled(new Verbs(readCounts()))
  expect({ ...counted, framesOut: received.frames }).toMatchObject({
    readUnits,
    writeUnits,
    posts,
    invocations,
    framesOut,
    errors: 0,
  })
  expect(sentBytes / received.bytes).toBeGreaterThan(0.98)
  expect(sentBytes / received.bytes).toBeLessThan(1.02)
})

test.each(documents)('%s has the present output of the commands', async (file) => {
  if (isRefresh) writeDocument(file, await withOutputs(readDocument(file)))
  expect(readDocument(file)).toBe(await withOutputs(readDocument(file)))
})
