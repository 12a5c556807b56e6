import { parse } from '../../terminal/command/parse.ts'
import { readCounts } from '../../tools/price/counts.ts'
import { watchingPrices } from '../../tools/price/watching.ts'
import { watchingCost, watchingOptions, watchingText } from '../../tools/price/watching-report.ts'

const watched = (...argv: string[]) => watchingCost(readCounts(), parse(watchingOptions, argv))
const usdOf = (name: string, ...argv: string[]) => watched(...argv).lines.find((line) => line.name === name)?.usd

test('watching a chat of fifty people costs at most 15 dollars a month, without any free allowance', () => {
  const { usd } = watched()
  expect(usd).toBeGreaterThan(0)
  expect(usd).toBeLessThanOrEqual(15)
})

test('a metric is paid for the hours in which somebody is there', () => {
  const half = usdOf('Metrics', '--hours=4', '--messages=100') ?? 0
  expect(usdOf('Metrics', '--hours=8', '--messages=100')).toBeCloseTo(half * 2 - 7 * 0.3 * (30 / 720), 9)
  expect(usdOf('Metrics', '--hours=0', '--messages=0')).toBe(0)
  expect(usdOf('Alarms', '--hours=0', '--messages=0')).toBeCloseTo(5.3, 9)
})

test('the metrics of an hour are those of the stack, of each used verb, and of what was said', () => {
  const perDay = 0.3 / 24
  const quiet = usdOf('Metrics', '--hours=24', '--verbs=0', '--messages=0') ?? 0
  expect(quiet).toBeCloseTo(0.3 * (6 + 1 + 4) + 7 * perDay, 9)
  expect(usdOf('Metrics', '--hours=24', '--verbs=0')).toBeCloseTo(quiet + 0.3 * (5 + 2), 9)
  expect(usdOf('Metrics', '--hours=24', '--verbs=3', '--messages=0')).toBeCloseTo(quiet + 0.3 * 4 * 3, 9)
})

test('the number of people changes the logs alone', () => {
  const [few, many] = [watched('--users=50'), watched('--users=5000')]
  const others = ({ lines }: typeof few) => lines.filter(({ name }) => !name.startsWith('Logs'))
  expect(others(many)).toEqual(others(few))
  expect(many.usd).toBeGreaterThan(few.usd)
})

test('free allowances take away ten metrics, ten alarms and the dashboard', () => {
  const [all, free] = [watched(), watched('--free-tier=lasting')]
  expect(all.usd - free.usd).toBeCloseTo(10 * 0.3 + 10 * 0.1 + 3 + (usdOf('Logs, a line a request') ?? 0), 9)
})

test('the report says the most that metrics can cost, and where the prices are from', () => {
  const text = watchingText(watched())
  expect(text).toContain(`All metrics in every hour of the month: $${((6 + 5 + 1 + 40 + 2 + 4 + 7) * 0.3).toFixed(2)}.`)
  for (const { source, date } of Object.values(watchingPrices)) expect(text).toContain(`${date}  ${source}`)
})
