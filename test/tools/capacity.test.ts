import fc from 'fast-check'
import { parse } from '../../terminal/command/parse.ts'
import { capacityOf, capacityOptions, capacityText } from '../../tools/price/capacity-report.ts'
import { readCounts } from '../../tools/price/counts.ts'
import { quotas } from '../../tools/price/quotas.ts'

const counts = readCounts()
const capacityWith = (fields: Record<string, number> = {}) =>
  capacityOf(
    counts,
    parse(
      capacityOptions,
      Object.entries(fields).map(([name, value]) => `--${name}=${value}`),
    ),
  )
const answerTo = (question: RegExp, fields: Record<string, number> = {}) => {
  const found = capacityWith(fields).reckonings.find((derivation) => question.test(derivation.question))
  if (!found) throw new Error(`No derivation answers ${question}.`)
  return found
}

test('with the default quotas a room of 10,000 receives one message a second, a room of 500 receives twenty', () => {
  const alone = new Map(capacityWith().largestRooms.map(({ perSecond, alone }) => [perSecond, alone]))
  expect([alone.get(1), alone.get(20)]).toEqual([10_000, 500])
})

test('a message reaches 10,000 connections in 0.5 s, 50,000 connections in 4.5 s', () => {
  expect(answerTo(/^One message/).value).toBeCloseTo(0.5, 3)
  expect(answerTo(/^One message/, { members: 50_000 }).value).toBeCloseTo(4.5, 3)
})

test('handshakes bring 10,000 clients back in 20 s, and only the quota of connections changes that', () => {
  const handshakes = (fields: Record<string, number>) =>
    answerTo(/back after/, { clients: 10_000, ...fields }).bounds.find(({ name }) => name === 'handshakes')?.value
  expect(handshakes({})).toBe(20)
  expect(handshakes({ 'requests-per-second': 100_000 })).toBe(20)
  expect(handshakes({ 'connections-per-second': 5000 })).toBe(2)
})

test('two hours of handshakes allow 3.6 million connections, but heartbeats allow fewer', () => {
  const { bounds, value, by } = answerTo(/^Connections/)
  expect(bounds[0]?.value).toBe(3_600_000)
  expect(by).toBe('frames in')
  expect(value).toBeLessThan(3_600_000)
})

test('a room receives at most the admitted rate, even with high quotas', () => {
  const rooms = capacityWith({ 'room-messages-per-second': 10, 'requests-per-second': 1_000_000 }).largestRooms
  for (const { perSecond, alone, together } of rooms)
    expect([alone === 0, together === 0]).toEqual(Array(2).fill(perSecond > 10))
})

const raised = fc.constantFrom(...Object.keys(quotas))

test('a higher quota never lowers a capacity or lengthens a duration', () => {
  fc.assert(
    fc.property(
      raised,
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      (name, low, more) => {
        const [before, after] = [capacityWith({ [name]: low }), capacityWith({ [name]: low + more })]
        for (const [at, { value, unit }] of before.reckonings.entries()) {
          const now = after.reckonings[at]?.value ?? Number.NaN
          if (unit === 's') expect(now).toBeLessThanOrEqual(value)
          else if (name !== 'author-messages-per-second') expect(now).toBeGreaterThanOrEqual(value)
        }
      },
    ),
  )
})

test('the report has the arithmetic of each bound and the source of each quota', () => {
  const capacity = capacityWith()
  const text = capacityText(capacity)
  for (const { arithmetic } of capacity.reckonings.flatMap(({ bounds }) => bounds)) expect(text).toContain(arithmetic)
  for (const [name, { source }] of Object.entries(quotas)) {
    expect(text).toContain(`--${name}`)
    expect(text).toContain(source)
  }
})
