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

/** The measurement of one server under one load. */
export interface Measurement extends Load, Latencies {
  name: string
  /** Processor time of the server and its descendants. */
  processorMs: number
  /** Percent of all processors of the machine, used by any program, in each round. */
  busy: number[]
}

/** The target for the p99 from send to receipt: a multiple of the bare server's; it is also compared with Socket.IO with a durable log. */
const target = { members: 20, perSecond: 20, most: 10 }

const perDelivery = ({ processorMs, seen }: Measurement): number => rounded((1000 * processorMs) / seen.length)
const p99 = ({ seen }: Measurement): number => rounded(percentile(seen, 0.99))

export function tableOf(measurements: readonly Measurement[]): string {
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
  const rows = measurements.map((one): Cell[] => {
    const bare = measurementOf(measurements, one, bareName)
    const times = (figure: (of: Measurement) => number): Cell => rounded(figure(one) / figure(bare))
    const latencies = [percentile(one.reply, 0.5), percentile(one.reply, 0.99), median(one.seen)].map(rounded)
    const { members, senders, perSecond, name, missing, twice } = one
    const processor = [perDelivery(one), times(perDelivery)]
    const figures = [...latencies, p99(one), times(p99), ...processor, missing, twice]
    return [members, senders, perSecond, name, ...figures, verdictOf(measurements, one)]
  })
  return table(head, rows)
}

function verdictOf(measurements: readonly Measurement[], one: Measurement): string {
  const hasTarget = one.members === target.members && one.perSecond === target.perSecond && one.name === ownName
  if (!hasTarget) return ''
  if (one.missing > 0) return 'nothing missing: **does not hold**'
  const toBare = rounded(p99(one) / p99(measurementOf(measurements, one, bareName)))
  const toLog = rounded(p99(one) / p99(measurementOf(measurements, one, logName)))
  return `p99 to bare ${verdict(toBare, target.most)}; to the durable log ${toLog} ${verdict(toLog, 1)}`
}

/** The measurement of another server under the same load. */
function measurementOf(measurements: readonly Measurement[], one: Measurement, name: string): Measurement {
  const found = measurements.find((other) => sameLoad(other, one) && other.name === name)
  if (!found) throw new Error(`There is no measurement of ${name}.`)
  return found
}

const sameLoad = (one: Load, other: Load) =>
  one.members === other.members && one.perSecond === other.perSecond && one.senders === other.senders

export function chartsOf(measurements: readonly Measurement[]): { [name: string]: Chart } {
  const plain = (name: string) => name.replaceAll('`', '')
  const names = [...new Set(measurements.map(({ name }) => name))]
  const loads = measurements.filter(({ name }) => name === bareName)
  const bars = (title: string, description: string, unit: string, figure: (of: Measurement) => number): Chart => ({
    kind: 'bars',
    title,
    description,
    unit,
    series: names.map(plain),
    groups: loads.map((load) => ({
      label: `${load.members} members, ${load.perSecond} messages a second from ${load.senders}`,
      values: names.map((name) => figure(measurementOf(measurements, load, name))),
    })),
  })
  return {
    seen: bars(
      'Time from send to receipt, p99',
      'From the sender of a message to the other members, by server and load.',
      'ms',
      p99,
    ),
    processor: bars(
      'Processor time of the server for each delivery',
      'Of all processes and threads of a server, divided by the received messages.',
      'µs',
      perDelivery,
    ),
  }
}
