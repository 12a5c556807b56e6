import type { Chart } from '../chart/chart.ts'
import { median, percentile } from '../percentiles.ts'
import { type Cell, rounded, table, verdict } from '../report.ts'
import type { Latencies } from './exchange.ts'
import { bareName, logName, ownName } from './servers.ts'

export interface Load {
  members: number
  senders: number
  perSecond: number
}

/** What one server took under one load. */
export interface Taken extends Load, Latencies {
  name: string
  /** Of the server and all its processes. */
  processorMs: number
  /** Percent of the machine's processors, whoever used them, in each stretch. */
  busy: number[]
}

/** The p99 of send-to-seen here: as a multiple of the bare server's, and beside that of Socket.IO with a durable log. */
const target = { members: 20, perSecond: 20, most: 10 }

const perDelivery = ({ processorMs, seen }: Taken): number => rounded((1000 * processorMs) / seen.length)
const p99 = ({ seen }: Taken): number => rounded(percentile(seen, 0.99))

export function tableOf(taken: readonly Taken[]): string {
  const head = [
    'members',
    'senders',
    'messages a second',
    'server',
    'reply p50 ms',
    'p99',
    'seen p50 ms',
    'p99',
    'p99 to bare',
    'processor µs per delivery',
    'to bare',
    'missing',
    'twice',
    'target',
  ]
  const rows = taken.map((one): Cell[] => {
    const bare = besides(taken, one, bareName)
    const times = (figure: (of: Taken) => number): Cell => rounded(figure(one) / figure(bare))
    const latencies = [percentile(one.reply, 0.5), percentile(one.reply, 0.99), median(one.seen)].map(rounded)
    const { members, senders, perSecond, name, missing, twice } = one
    const processor = [perDelivery(one), times(perDelivery)]
    const told = [...latencies, p99(one), times(p99), ...processor, missing, twice]
    return [members, senders, perSecond, name, ...told, verdictOf(taken, one)]
  })
  return table(head, rows)
}

function verdictOf(taken: readonly Taken[], one: Taken): string {
  const aimed = one.members === target.members && one.perSecond === target.perSecond && one.name === ownName
  if (!aimed) return ''
  if (one.missing > 0) return 'nothing missing: **does not hold**'
  const toBare = rounded(p99(one) / p99(besides(taken, one, bareName)))
  const toLog = rounded(p99(one) / p99(besides(taken, one, logName)))
  return `p99 to bare ${verdict(toBare, target.most)}; to the durable log ${toLog} ${verdict(toLog, 1)}`
}

/** What another server took under the same load. */
function besides(taken: readonly Taken[], one: Taken, name: string): Taken {
  const found = taken.find((other) => sameLoad(other, one) && other.name === name)
  if (!found) throw new Error(`Nothing was measured of ${name}.`)
  return found
}

const sameLoad = (one: Load, other: Load) =>
  one.members === other.members && one.perSecond === other.perSecond && one.senders === other.senders

export function chartsOf(taken: readonly Taken[]): { [name: string]: Chart } {
  const plain = (name: string) => name.replaceAll('`', '')
  const names = [...new Set(taken.map(({ name }) => name))]
  const loads = taken.filter(({ name }) => name === bareName)
  const bars = (title: string, description: string, unit: string, figure: (of: Taken) => number): Chart => ({
    kind: 'bars',
    title,
    description,
    unit,
    series: names.map(plain),
    groups: loads.map((load) => ({
      label: `${load.members} members, ${load.perSecond} messages a second from ${load.senders}`,
      values: names.map((name) => figure(besides(taken, load, name))),
    })),
  })
  return {
    seen: bars(
      'From send to seen, p99',
      'How long a message takes from a sender to the other members, by server and load.',
      'ms',
      p99,
    ),
    processor: bars(
      'Processor time of the server for each delivery',
      'Of all processes and threads of a server, divided by the messages that members saw.',
      'µs',
      perDelivery,
    ),
  }
}
