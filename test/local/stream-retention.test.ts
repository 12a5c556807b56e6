import { stream } from '../../local/streams/stream.ts'
import { ManualClock } from './run.ts'

const table = { name: 'log', definition: {}, keyNames: ['pk', 'sk'] }
const log = () => stream(table, 'arn', 'NEW_IMAGE', new ManualClock())

const change = (at: number, text = '') => {
  const key = { pk: { S: 'room' }, sk: { N: String(at) } }
  return { key, before: undefined, after: { ...key, text: { S: text } } }
}

test('a stream keeps its newest ten thousand records', () => {
  const full = log()
  for (let at = 1; at <= 13_000; at++) full.append(change(at))
  const numbers = full.records().map(({ record }) => Number((record.dynamodb.Keys.sk as { N: string }).N))
  expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, at) => 3001 + at))
})

test('a stream of large records keeps the newest sixteen megabytes', () => {
  const full = log()
  const text = 'x'.repeat(200_000)
  for (let at = 1; at <= 500; at++) full.append(change(at, text))
  const kept = full.records()
  const bytes = kept.reduce((sum, { record }) => sum + record.dynamodb.SizeBytes, 0)
  expect(kept.at(-1)?.record.dynamodb.Keys.sk).toEqual({ N: '500' })
  expect(bytes).toBeLessThanOrEqual(16 * 1024 * 1024)
  expect(bytes + 2 * text.length).toBeGreaterThan(16 * 1024 * 1024)
})
