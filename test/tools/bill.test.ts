import fc from 'fast-check'
import { limits } from '../../protocol/limits.ts'
import { parse } from '../../terminal/command/parse.ts'
import { costOf, costText } from '../../tools/price/cost-report.ts'
import { readCounts } from '../../tools/price/counts.ts'
import { charge } from '../../tools/price/price.ts'
import { alternativePrices, prices } from '../../tools/price/prices.ts'
import { workloadOptions } from '../../tools/price/workload.ts'

const counts = readCounts()
const costWith = (fields: Record<string, number | string>) =>
  costOf(
    counts,
    parse(
      workloadOptions,
      Object.entries(fields).map(([name, value]) => `--${name}=${value}`),
    ),
  )

/** Whether the rooms admit this rate in the long run. */
const isAdmitted = ({
  users,
  rooms,
  hours,
  messages,
}: {
  users: number
  rooms: number
  hours: number
  messages: number
}) => messages <= Math.min(users, rooms) * hours * 3600 * limits.messagesPerSecondPerRoom || hours === 0

const workloads = fc
  .record({
    users: fc.integer({ min: 1, max: 100_000 }),
    rooms: fc.integer({ min: 1, max: 2000 }),
    messages: fc.integer({ min: 0, max: 1_000_000 }),
    hours: fc.integer({ min: 0, max: 24 }),
    bytes: fc.integer({ min: 0, max: 16_384 }),
    connections: fc.integer({ min: 1, max: 3 }),
    months: fc.integer({ min: 0, max: 36 }),
    'free-tier': fc.constantFrom('off', 'lasting', 'first-year'),
  })
  .filter(isAdmitted)

test('no line of a bill is negative, and the sum of the lines is the bill', () => {
  fc.assert(
    fc.property(workloads, (workload) => {
      const { bill } = costWith(workload)
      for (const { usd, quantity } of bill.lines) {
        expect(usd).toBeGreaterThanOrEqual(0)
        expect(quantity).toBeGreaterThanOrEqual(0)
      }
      expect(bill.usd).toBeCloseTo(
        bill.lines.reduce((all, { usd }) => all + usd, 0),
        9,
      )
    }),
  )
})

/** Sums of floating-point numbers may differ in their last digits. */
const notLess = (more: number, less: number) => expect(more).toBeGreaterThanOrEqual(less - 1e-9 * Math.abs(less))

test('more messages never cost less', () => {
  fc.assert(
    fc.property(workloads, fc.integer({ min: 1, max: 500_000 }), (workload, more) => {
      const messages = workload.messages + more
      fc.pre(isAdmitted({ ...workload, messages }))
      notLess(costWith({ ...workload, messages }).bill.usd, costWith(workload).bill.usd)
    }),
  )
})

test('more people never cost less, in rooms of the same size', () => {
  fc.assert(
    fc.property(workloads, fc.integer({ min: 1, max: 10_000 }), (workload, more) => {
      fc.pre(workload.rooms <= workload.users)
      const members = Math.max(1, Math.min(20, workload.users * workload.connections))
      const [few, many] = [workload.users, workload.users + more].map((users) =>
        costWith({ ...workload, members, users }),
      )
      notLess(many?.bill.usd ?? 0, few?.bill.usd ?? 0)
    }),
  )
})

test('free allowances never increase the bill', () => {
  fc.assert(
    fc.property(workloads, (workload) => {
      const [off, lasting, first] = ['off', 'lasting', 'first-year'].map((tier) =>
        costWith({ ...workload, 'free-tier': tier }),
      )
      notLess(off?.bill.usd ?? 0, lasting?.bill.usd ?? 0)
      notLess(lasting?.bill.usd ?? 0, first?.bill.usd ?? 0)
    }),
  )
})

test('no users cost nothing, here and at other services', () => {
  const cost = costWith({ users: 0 })
  expect([cost.bill.usd, cost.quietUsd, cost.keptUsd]).toEqual([0, 0, 0])
  expect(cost.alternatives.map(({ usd }) => usd)).toEqual([0, 0, 0])
})

test('without users only storage is billed', () => {
  const { bill, keptUsd } = costWith({ months: 12 })
  const stored = bill.lines.filter(({ name }) => /stored|backup/.test(name))
  expect(keptUsd).toBeCloseTo(
    stored.reduce((all, { usd }) => all + usd, 0),
    9,
  )
  expect(keptUsd).toBeGreaterThan(0)
})

test('a workload without messages has no deliveries and costs the connections', () => {
  const quiet = costWith({ messages: 0, pages: 0 })
  expect(quiet.month.deliveries).toBe(0)
  expect(quiet.perMillionDeliveries).toBeUndefined()
  expect(quiet.bill.usd).toBe(costWith({}).quietUsd)
})

test.each([
  [{ users: 10, members: 11 }, '--members must not be more than all connections, which are 10; it is 11.'],
  [{ rooms: 0 }, '--rooms must be at least 1 where there are messages.'],
  [{ users: 10, rooms: 200, members: 6 }, '--rooms and --members put each connection in 120 rooms; it may be in 100.'],
  [
    { rooms: 1, hours: 1, messages: 360_000 },
    '--messages must not be more than rooms admit, 50 a second in each; they are 100.0.',
  ],
])('%j is refused', (fields, message) => expect(() => costWith(fields)).toThrow(message))

test('with fewer people than rooms, each person has one room', () => {
  const { month } = costWith({ users: 10, rooms: 50, messages: 100, days: 1 })
  expect([month.messages, month.deliveries, month.roomsEach]).toEqual([100, 100, 1])
})

test('the free units come first, and the steps of a price apply one after another', () => {
  const { apiMessages } = prices
  expect(charge(apiMessages, 1_000_000_000, 'off')).toBeCloseTo(1000, 9)
  expect(charge(apiMessages, 3_000_000_000, 'off')).toBeCloseTo(1000 + 1600, 9)
  expect(charge(apiMessages, 1_500_000, 'first-year')).toBeCloseTo(0.5, 9)
  expect(charge(apiMessages, 1_500_000, 'lasting')).toBeCloseTo(1.5, 9)
  expect(charge(prices.invocations, 500_000, 'lasting')).toBe(0)
})

test.each(Object.entries({ ...prices, ...alternativePrices }))(
  '%s has a unit, a region, a day and a source',
  (_, price) => {
    expect(price.unit).not.toBe('')
    expect(price.region).toBe('us-east-1')
    expect(Number.isNaN(Date.parse(price.date))).toBe(false)
    expect(price.source).toMatch(/^https:\/\//)
  },
)

test('the report states the assumptions and the sources of the prices', () => {
  const text = costText(costWith({}))
  for (const price of Object.values(prices)) expect(text).toContain(price.source)
  expect(text).toContain('Assumed:')
})
