import { parse } from '../../terminal/command/parse.ts'
import { costOf } from '../../tools/price/cost-report.ts'
import { readCounts } from '../../tools/price/counts.ts'
import type { Priced } from '../../tools/price/prices.ts'
import { workloadOptions } from '../../tools/price/workload.ts'

/** Bills that were calculated by hand for a simpler chat. The parts in common must agree; differences are stated. */
const costOfWords = (words: string) => costOf(readCounts(), parse(workloadOptions, words.split(' ')))
const usd = ({ bill }: ReturnType<typeof costOfWords>, ...names: Priced[]) =>
  bill.lines.filter(({ price }) => names.includes(price)).reduce((all, line) => all + line.usd, 0)
const usdOf = ({ alternatives }: ReturnType<typeof costOfWords>, name: string) =>
  alternatives.find((other) => other.name.startsWith(name))?.usd

describe('a thousand people, eight hours a day, 50,000 messages to twenty each', () => {
  const cost = costOfWords('--users 1000 --rooms 50 --messages 50000 --hours 8')

  test('30 million deliveries and 14.4 million minutes', () => {
    expect(cost.month.deliveries).toBe(30_000_000)
    expect(usd(cost, 'connectionMinutes')).toBeCloseTo(3.6, 6)
  })

  test('frames of messages cost 31.50; heartbeats, hellos, joins and participant events are added', () => {
    const { usage, messages } = cost.month
    const sent = messages * 21
    expect(sent / 1_000_000).toBe(31.5)
    const others = usage.framesIn + usage.framesOut - sent
    expect(usd(cost, 'apiMessages')).toBeCloseTo((sent + others) / 1_000_000, 6)
    expect(others / sent).toBeLessThan(0.3)
  })

  test('the rest is between one and two times 6.01, the functions, tables and logs of the simpler chat', () => {
    const rest = cost.bill.usd - usd(cost, 'apiMessages', 'connectionMinutes', 'sentGigabytes')
    expect(rest / 6.01).toBeGreaterThan(1)
    expect(rest / 6.01).toBeLessThan(2)
  })

  test('data out costs 1.35, within a fifth', () =>
    expect(Math.abs(usd(cost, 'sentGigabytes') / 1.35 - 1)).toBeLessThan(0.2))

  test('other services cost 34.2 with pings and handlers, which are not counted here; 32.7; 1,080', () => {
    expect(Math.abs((usdOf(cost, 'AppSync') ?? 0) / 34.2 - 1)).toBeLessThan(0.05)
    expect(Math.abs((usdOf(cost, 'IoT') ?? 0) / 32.7 - 1)).toBeLessThan(0.02)
    expect(usdOf(cost, 'IVS')).toBeCloseTo(1080, 6)
  })
})

describe('ten thousand in one room, a message a second, for an hour', () => {
  const words = '--users 10000 --rooms 1 --hours 1 --days 1 --messages 3600 --pages 0'
  const cost = costOfWords(`${words} --posts-per-second 10000`)

  test('36 million frames cost $1 a million, within 1 % for joins and leaves', () => {
    expect(cost.month.deliveries).toBe(36_000_000)
    expect(Math.abs(usd(cost, 'apiMessages') / 36 - 1)).toBeLessThan(0.01)
    expect(usd(cost, 'connectionMinutes')).toBeCloseTo(0.15, 6)
  })

  test('functions cost between 0.21, with an own signer, and 0.51, with the AWS SDK', () => {
    expect(usd(cost, 'gigabyteSeconds', 'invocations')).toBeGreaterThan(0.21)
    expect(usd(cost, 'gigabyteSeconds', 'invocations')).toBeLessThan(0.51)
  })

  test('data out costs 1.62 for 500 bytes a frame; frames are shorter', () => {
    const bytes = readCounts().messageBytes + 120
    expect(Math.abs(usd(cost, 'sentGigabytes') / (1.62 * (bytes / 500)) - 1)).toBeLessThan(0.1)
  })

  test('other services cost 36.1, 36.1 and 290', () => {
    expect(Math.abs((usdOf(cost, 'AppSync') ?? 0) / 36.1 - 1)).toBeLessThan(0.01)
    expect(Math.abs((usdOf(cost, 'IoT') ?? 0) / 36.1 - 1)).toBeLessThan(0.01)
    expect(Math.abs((usdOf(cost, 'IVS') ?? 0) / 290 - 1)).toBeLessThan(0.01)
  })

  test('with fewer posts a second, messages are batched and cost less', () => {
    expect(usd(costOfWords(`${words} --posts-per-second 5000`), 'apiMessages')).toBeLessThan(
      usd(cost, 'apiMessages') * 0.51,
    )
  })
})

describe('ten thousand idle connections for a month', () => {
  const cost = costOfWords('--users 10000 --rooms 0 --hours 24 --messages 0 --pages 0 --beat 9 --life 120')

  test('minutes cost 108; heartbeats cost 48, twice that with replies; hellos are added', () => {
    expect(usd(cost, 'connectionMinutes')).toBeCloseTo(108, 6)
    // Each connection sends `hello` and `invitations`, and receives their replies.
    const hellos = (2 * 2 * 10_000 * 12 * 30) / 1_000_000
    expect(usd(cost, 'apiMessages')).toBeCloseTo(96 + hellos, 6)
  })

  test('writes of connections cost 13.50 with six for each connection; four are needed here', () => {
    expect(usd(cost, 'writeUnits')).toBeCloseTo((13.5 * 4) / 6, 6)
  })

  test('IoT Core costs 35 for minutes', () => {
    expect(Math.abs((usdOf(cost, 'IoT') ?? 0) / 35 - 1)).toBeLessThan(0.15)
    expect(usdOf(cost, 'IVS')).toBe(0)
  })
})
