import { parse } from '../../terminal/command/parse.ts'
import { type Cost, costOf } from '../price/cost-report.ts'
import { readCounts } from '../price/counts.ts'
import { dollars } from '../price/text.ts'
import { workloadOptions } from '../price/workload.ts'
import type { Bars } from './chart/bars.ts'
import type { Lines } from './chart/lines.ts'
import { type Findings, table } from './report.ts'

const cases: readonly (readonly [workload: string, words: string])[] = [
  ['10 people, silent, day and night', '--users 10 --rooms 1 --hours 24 --messages 0 --pages 0'],
  ['10,000 people, silent, day and night, in no room', '--users 10000 --rooms 0 --hours 24 --messages 0 --pages 0'],
  [
    '10,000 people, silent, day and night, in rooms of 20',
    '--users 10000 --rooms 500 --hours 24 --messages 0 --pages 0',
  ],
  ['two at a time: 1,000 people, 8 hours, 50,000 messages a day', '--users 1000 --rooms 500 --messages 50000'],
  ['rooms of 20: the same', '--users 1000 --rooms 50 --messages 50000'],
  ['rooms of 20: the same, texts of 4 KB', '--users 1000 --rooms 50 --messages 50000 --bytes 4096'],
  ['rooms of 20: the same, stories of 15 KB', '--users 1000 --rooms 50 --messages 50000 --bytes 15360'],
  ['rooms of 100: 1,000 people, 8 hours, 10,000 messages a day', '--users 1000 --rooms 10 --messages 10000'],
  [
    'one room of 10,000, an hour, a message a second',
    '--users 10000 --rooms 1 --hours 1 --days 1 --messages 3600 --pages 0',
  ],
  [
    'one room of 10,000, an hour, ten messages a second',
    '--users 10000 --rooms 1 --hours 1 --days 1 --messages 36000 --pages 0',
  ],
]

const sizes = [10, 100, 1000, 10_000, 100_000]
const perUser = 50

const costOfWords = (words: string): Cost => costOf(readCounts(), parse(workloadOptions, words.split(' ')))

/** Computes bills from the counts of the verbs, without a measurement, beside the prices of other services. */
export async function price(): Promise<Findings> {
  const costs = cases.map(([workload, words]) => ({ workload, cost: costOfWords(words) }))
  const others = costs[0]?.cost.alternatives.map(({ name, date }) => `${name}, ${date}`) ?? []
  const rows = costs.map(({ workload, cost }) => [
    workload,
    dollars(cost.bill.usd),
    cost.perMillionDeliveries === undefined ? '–' : dollars(cost.perMillionDeliveries),
    ...cost.alternatives.map(({ usd }) => dollars(usd)),
  ])
  return {
    text: table(['a month of', 'this', 'for a million deliveries', ...others], rows),
    charts: { users: byUsers(), deliveries: byDeliveries(costs) },
  }
}

function byUsers(): Lines {
  const costs = sizes.map((users) => {
    const words = `--users ${users} --rooms ${Math.ceil(users / 20)} --messages ${users * perUser}`
    return { users, cost: costOfWords(words) }
  })
  const names = costs[0]?.cost.alternatives.map(({ name }) => name) ?? []
  const others = names.map((name, at) => ({
    name,
    points: costs.map(({ users, cost }) => [users, cost.alternatives[at]?.usd ?? 0] as const),
  }))
  return {
    kind: 'lines',
    title: 'US dollars a month, by people',
    description: `Rooms of 20, eight hours a day, ${perUser} messages a day from each. The others deliver only: no log, no rooms, no roles.`,
    x: { label: 'people', scale: 'log' },
    y: { label: 'US dollars a month', scale: 'log' },
    series: [{ name: 'this', points: costs.map(({ users, cost }) => [users, cost.bill.usd] as const) }, ...others],
  }
}

/** Without IVS Chat, as its long bars would make the others too short to compare. */
function byDeliveries(costs: readonly { workload: string; cost: Cost }[]): Bars {
  const withMessages = costs.filter(({ cost }) => cost.month.deliveries > 0)
  const per = (usd: number, { month }: Cost) => (usd / month.deliveries) * 1_000_000
  return {
    kind: 'bars',
    title: 'US dollars for a million deliveries',
    description:
      'A month of each, everything included here; the others deliver only. IVS Chat, at its price of 2022, is above 8 dollars everywhere.',
    series: ['this', 'AppSync Events', 'IoT Core'],
    groups: withMessages.map(({ workload, cost }) => ({
      label: workload,
      values: [cost.bill.usd, ...cost.alternatives.slice(0, 2).map(({ usd }) => usd)].map((usd) => per(usd, cost)),
    })),
  }
}
