import { type Alternative, alternativesTo, unquoted } from './alternatives.ts'
import { type Bill, billOf, keptUsd } from './bill.ts'
import type { Counts } from './counts.ts'
import { assumed } from './durations.ts'
import { isLarge, largeRooms, partsOf } from './large-rooms.ts'
import { type Month, monthOf } from './month.ts'
import { type Priced, prices } from './prices.ts'
import { columns, count, dollars, percent } from './text.ts'
import { type Workload, type WorkloadValues, workloadOf } from './workload.ts'

/** The output of `--json`. */
export interface Cost {
  workload: Workload
  month: Month
  bill: Bill
  /** The bill of the same people without messages, and the bill without people. */
  quietUsd: number
  keptUsd: number
  perMillionDeliveries: number | undefined
  alternatives: Alternative[]
  assumptions: string[]
}

export function costOf(counts: Counts, values: WorkloadValues): Cost {
  const workload = workloadOf(values)
  const tier = values['free-tier']
  const month = monthOf(counts, workload)
  const bill = billOf(month, tier)
  const quiet = billOf(monthOf(counts, { ...workload, messages: 0, pages: 0 }), tier)
  const { deliveries } = month
  return {
    workload,
    month,
    bill,
    quietUsd: quiet.usd,
    keptUsd: keptUsd(bill),
    perMillionDeliveries: deliveries === 0 ? undefined : (bill.usd / deliveries) * 1_000_000,
    alternatives: alternativesTo(counts, workload, month),
    assumptions: assumptionsOf(counts, workload, month, tier),
  }
}

function assumptionsOf(counts: Counts, workload: Workload, month: Month, tier: string): string[] {
  const { members, connections, users, hours, life, beat, bytes, days, months } = workload
  const large = `through the stream: a broadcast and ${partsOf(members)} workers of up to ${Math.ceil(members / partsOf(members))} connections`
  return [
    `people: ${count(users)}; connections of each: ${count(connections)}; hours a day: ${count(hours)}; days: ${count(days)}; rooms of each: ${count(month.roomsEach)}`,
    `${count(members)} connections in each room, so a message is handed on ${isLarge(members) ? large : 'by the function that stores it'} (large: above ${largeRooms.above})`,
    `texts of ${bytes} bytes, frames of ${counts.messageBytes + bytes}; kept in items of ${counts.entryBytes + bytes + assumed.itemOverheadBytes}; months of them: ${count(months)}`,
    `a fresh connection every ${count(life)} minutes, a sign of life every ${count(beat)}; handshakes are not counted as frames`,
    `read and write units and bytes as counted on ${counts.date} (tools/price/counts.json); groups of each user: ${count(workload.groups)}`,
    `functions wait ${assumed.roundTripMs} ms for DynamoDB and ${assumed.postMs} ms for a post, ${assumed.postsAtOnce} at once (tools/price/durations.ts)`,
    `no puts lost to others who write at the same moment, nothing delivered twice, no list of rooms and no search`,
    `free tier: ${tier}; region us-east-1, list prices of ${oldest()} to ${newest()}, without tax`,
  ]
}

const dates = Object.values(prices).map(({ date }) => date)
const oldest = () => dates.reduce((one, other) => (one < other ? one : other))
const newest = () => dates.reduce((one, other) => (one > other ? one : other))

/** The report for people. */
export function costText({ bill, month, ...cost }: Cost): string {
  const lines = bill.lines.map(({ name, quantity, unit, usd }) => [
    name,
    count(quantity),
    unit,
    dollars(usd),
    percent(bill.usd === 0 ? 0 : usd / bill.usd),
  ])
  const share = percent(bill.usd === 0 ? 0 : 1)
  const per = cost.perMillionDeliveries
  const facts = [
    `${count(month.deliveries)} deliveries of ${count(month.messages)} messages${per === undefined ? '' : `: ${dollars(per)} for each million`}`,
    `Nobody talking, everybody connected: ${dollars(cost.quietUsd)}. Nobody there: ${dollars(cost.keptUsd)}, for what is stored.`,
  ]
  const others = cost.alternatives.map(({ name, usd, date, meters }) => [name, dollars(usd), date, meters])
  return [
    columns(
      ['a month', 'quantity', 'unit', 'US dollars', 'share'],
      [...lines, ['all', '', '', dollars(bill.usd), share]],
    ),
    facts.join('\n'),
    `Delivery alone by others, at list prices: no log, no rooms, no roles, no data out.\n${columns(['service', 'US dollars', 'price of', 'counted'], others)}`,
    unquoted.map((line) => `Not quoted: ${line}`).join('\n'),
    `Assumed:\n${cost.assumptions.map((line) => `- ${line}`).join('\n')}`,
    `Prices and their sources: tools/price/prices.ts${sourcesOf(bill)}`,
  ].join('\n\n')
}

const sourcesOf = ({ lines }: Bill) => {
  const used = new Set<Priced>(lines.map(({ price }) => price))
  return `\n${[...new Set([...used].map((price) => `- ${prices[price].date}  ${prices[price].source}`))].join('\n')}`
}
