import { metricStore, minuteMs } from '../../../local/cloudwatch/store.ts'
import { addValue, emptySummary, statisticOf } from '../../../local/cloudwatch/summary.ts'

const metric = { namespace: 'N', name: 'm', dimensions: { A: '1', B: '2' } }

function filled(...values: [value: number, at: number][]) {
  const store = metricStore()
  for (const [value, at] of values) store.put({ ...metric, value, at })
  return store
}

test('the values of a minute are those from its beginning to before its end', () => {
  const store = filled([1, 0], [2, minuteMs - 1], [4, minuteMs])
  expect(store.read(metric, 0, minuteMs)).toMatchObject({ count: 2, sum: 3, min: 1, max: 2 })
  expect(store.read(metric, 0, 2 * minuteMs)).toMatchObject({ count: 3, sum: 7 })
  expect(store.read(metric, 2 * minuteMs, 3 * minuteMs)).toBeUndefined()
})

test('the order of dimensions does not matter, and one less is another metric', () => {
  const store = filled([1, 0])
  expect(store.read({ ...metric, dimensions: { B: '2', A: '1' } }, 0, minuteMs)?.sum).toBe(1)
  expect(store.read({ ...metric, dimensions: { A: '1' } }, 0, minuteMs)).toBeUndefined()
})

test('old minutes are forgotten, and a metric with the last of them', () => {
  const store = filled([1, 0], [1, minuteMs])
  store.forget(minuteMs)
  expect(store.read(metric, 0, minuteMs)).toBeUndefined()
  expect(store.metrics()).toEqual([metric])
  store.forget(2 * minuteMs)
  expect(store.metrics()).toEqual([])
})

describe('statistics', () => {
  const summary = emptySummary()
  for (let value = 1; value <= 100; value++) addValue(summary, value)

  test.each([
    ['Sum', 5050],
    ['SampleCount', 100],
    ['Average', 50.5],
    ['Minimum', 1],
    ['Maximum', 100],
    ['p50', 50],
    ['p99', 99],
    ['p99.9', 100],
  ])('%s', (name, expected) => expect(statisticOf(summary, name)).toBe(expected))

  test('an unknown one is refused', () => {
    expect(() => statisticOf(summary, 'tm99')).toThrow('does not know the statistic tm99')
  })
})
