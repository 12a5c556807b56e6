import { parse } from '../../terminal/command/parse.ts'
import { costOf } from '../../tools/price/cost-report.ts'
import { readCounts } from '../../tools/price/counts.ts'
import type { Priced } from '../../tools/price/prices.ts'
import { workloadOptions } from '../../tools/price/workload.ts'

/**
 * Bills that were reckoned by hand for an imagined chat, before this one was written. What it shares with them must come
 * out the same; where it does more, the difference is stated.
 */
const costOfWords = (words: string) => costOf(readCounts(), parse(workloadOptions, words.split(' ')))
const usd = ({ bill }: ReturnType<typeof costOfWords>, ...names: Priced[]) =>
  bill.lines.filter(({ price }) => names.includes(price)).reduce((all, line) => all + line.usd, 0)
const otherwise = ({ alternatives }: ReturnType<typeof costOfWords>, name: string) =>
  alternatives.find((other) => other.name.startsWith(name))?.usd

describe('a thousand people, eight hours a day, 50,000 messages to twenty each', () => {
  const cost = costOfWords('--users 1000 --rooms 50 --messages 50000 --hours 8')

  test('30 million deliveries and 14.4 million minutes', () => {
    expect(cost.month.deliveries).toBe(30_000_000)
    expect(usd(cost, 'connectionMinutes')).toBeCloseTo(3.6, 6)
  })

  test('frames are 31.50 for what is said; signs of life, greetings, joins and comings come on top', () => {
    const { usage, messages } = cost.month
    const said = messages * 21
    expect(said / 1_000_000).toBe(31.5)
    const others = usage.framesIn + usage.framesOut - said
    expect(usd(cost, 'apiMessages')).toBeCloseTo((said + others) / 1_000_000, 6)
    expect(others / said).toBeLessThan(0.3)
  })

  test('the rest is between one and two times the 6.01 for functions, tables and logs of a chat with less to it', () => {
    const rest = cost.bill.usd - usd(cost, 'apiMessages', 'connectionMinutes', 'sentGigabytes')
    expect(rest / 6.01).toBeGreaterThan(1)
    expect(rest / 6.01).toBeLessThan(2)
  })

  test('data out is 1.35, within a fifth', () =>
    expect(Math.abs(usd(cost, 'sentGigabytes') / 1.35 - 1)).toBeLessThan(0.2))

  test('others: 34.2 with pings and handlers, which are not counted here; 32.7; 1,080', () => {
    expect(Math.abs((otherwise(cost, 'AppSync') ?? 0) / 34.2 - 1)).toBeLessThan(0.05)
    expect(Math.abs((otherwise(cost, 'IoT') ?? 0) / 32.7 - 1)).toBeLessThan(0.02)
    expect(otherwise(cost, 'IVS')).toBeCloseTo(1080, 6)
  })
})

describe('ten thousand in one room, a message a second, for an hour', () => {
  const words = '--users 10000 --rooms 1 --hours 1 --days 1 --messages 3600 --pages 0'
  const cost = costOfWords(`${words} --posts-per-second 10000`)

  test('36 million frames at $1, within 1 % for those who come and go', () => {
    expect(cost.month.deliveries).toBe(36_000_000)
    expect(Math.abs(usd(cost, 'apiMessages') / 36 - 1)).toBeLessThan(0.01)
    expect(usd(cost, 'connectionMinutes')).toBeCloseTo(0.15, 6)
  })

  test('functions cost between the 0.21 of signing by hand and the 0.51 of the client of Amazon', () => {
    expect(usd(cost, 'gigabyteSeconds', 'invocations')).toBeGreaterThan(0.21)
    expect(usd(cost, 'gigabyteSeconds', 'invocations')).toBeLessThan(0.51)
  })

  test('data out is 1.62 for 500 bytes each; frames are shorter', () => {
    const bytes = readCounts().messageBytes + 120
    expect(Math.abs(usd(cost, 'sentGigabytes') / (1.62 * (bytes / 500)) - 1)).toBeLessThan(0.1)
  })

  test('others: 36.1, 36.1, 290', () => {
    expect(Math.abs((otherwise(cost, 'AppSync') ?? 0) / 36.1 - 1)).toBeLessThan(0.01)
    expect(Math.abs((otherwise(cost, 'IoT') ?? 0) / 36.1 - 1)).toBeLessThan(0.01)
    expect(Math.abs((otherwise(cost, 'IVS') ?? 0) / 290 - 1)).toBeLessThan(0.01)
  })

  test('with fewer posts a second, messages travel together and cost less', () => {
    expect(usd(costOfWords(`${words} --posts-per-second 5000`), 'apiMessages')).toBeLessThan(
      usd(cost, 'apiMessages') * 0.51,
    )
  })
})

describe('ten thousand idle for a month', () => {
  const cost = costOfWords('--users 10000 --rooms 0 --hours 24 --messages 0 --pages 0 --beat 9 --life 120')

  test('108 for minutes; 48 for signs of life, twice that as each is answered, and greetings', () => {
    expect(usd(cost, 'connectionMinutes')).toBeCloseTo(108, 6)
    // Each connection asks who it is and who invited it meanwhile, and is answered.
    const greetings = (2 * 2 * 10_000 * 12 * 30) / 1_000_000
    expect(usd(cost, 'apiMessages')).toBeCloseTo(96 + greetings, 6)
  })

  test('13.50 for the writes of connections at six for each life; four here', () => {
    expect(usd(cost, 'writeUnits')).toBeCloseTo((13.5 * 4) / 6, 6)
  })

  test('others: 35 by the minute', () => {
    expect(Math.abs((otherwise(cost, 'IoT') ?? 0) / 35 - 1)).toBeLessThan(0.15)
    expect(otherwise(cost, 'IVS')).toBe(0)
  })
})
