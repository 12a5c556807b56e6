import type { Month } from './month.ts'
import { charge, type FreeTier, type Price } from './price.ts'
import { prices } from './prices.ts'
import type { Workload } from './workload.ts'

const cloudWatch = {
  region: 'us-east-1',
  date: '2026-11-29',
  source: 'https://aws.amazon.com/cloudwatch/pricing/',
}

/** What is paid for looking at a deployment. */
export const watchingPrices = {
  metrics: {
    ...cloudWatch,
    unit: 'metric for a month, by the hours in which it has a value',
    per: 1,
    steps: [{ usd: 0.3, upTo: 10_000 }, { usd: 0.1 }],
    free: { units: 10, lasts: 'always' },
  },
  alarms: {
    ...cloudWatch,
    unit: 'metric that an alarm reads, for a month',
    per: 1,
    steps: [{ usd: 0.1 }],
    free: { units: 10, lasts: 'always' },
  },
  dashboards: {
    ...cloudWatch,
    unit: 'dashboard for a month',
    per: 1,
    steps: [{ usd: 3 }],
    free: { units: 3, lasts: 'always' },
  },
} as const satisfies Record<string, Price>

/** The metrics that a stack writes: how many of them have a value in an hour of which kind. */
export const series = {
  /** Requests, Refused, Internal, Latency, Units and ColdStart of the stack, in hours with requests. */
  stack: 6,
  /** SendToHanded, SlowSends, Posts, AppendTries and Fanout of the stack, in hours with messages. */
  messages: 5,
  /** Connections of the stack. */
  connections: 1,
  /** Requests, Latency, Units and ColdStart of each verb that is used. */
  eachVerb: 4,
  /** Posts by outcome: delivered, gone. */
  outcomes: 2,
  /** Refused by verb and by code, where something is refused in the hour. */
  refusals: 4,
  /** RateLimited, Evicted, Unended, IssuerUnreachable, HandshakesRefused, JobFailures and Internal by verb. */
  rare: 7,
} as const

/** Hours of a day in which one of the rare metrics has a value, in a deployment that is well. */
const rareHours = 1

const [hoursOfDay, daysOfMonth] = [24, 30]

/** A line of log and metrics for each request, beside what Lambda writes itself. */
const bytesOfRequest = 1050

export interface WatchingLine {
  name: string
  quantity: number
  unit: string
  usd: number
}

export interface Watched {
  /** Verbs that are used in an hour. */
  verbs: number
  /** Metrics that all alarms read together. */
  alarms: number
  dashboards: number
}

/** A month of watching. Nothing is written while nobody is there, so metrics are paid for hours in which people are. */
export function watchingOf(
  { hours, days }: Pick<Workload, 'hours' | 'days'>,
  { usage, messages }: Pick<Month, 'usage' | 'messages'>,
  { verbs, alarms, dashboards }: Watched,
  tier: FreeTier,
): { lines: WatchingLine[]; usd: number } {
  const often = series.stack + series.connections + series.eachVerb * verbs + series.refusals
  const talking = messages > 0 ? series.messages + series.outcomes : 0
  const share = (hours * days) / (hoursOfDay * daysOfMonth)
  const rare = (Math.min(rareHours, hours) * days) / (hoursOfDay * daysOfMonth)
  const metrics = (often + talking) * share + series.rare * rare
  const gigabytes = (usage.invocations * bytesOfRequest) / 1024 ** 3
  const line = (name: string, price: Price, quantity: number): WatchingLine => ({
    name,
    quantity,
    unit: price.unit,
    usd: charge(price, quantity, tier),
  })
  const lines = [
    line('Metrics', watchingPrices.metrics, metrics),
    line('Alarms', watchingPrices.alarms, alarms),
    line('Dashboard', watchingPrices.dashboards, dashboards),
    line('Logs, a line a request', prices.loggedGigabytes, gigabytes),
  ]
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0) }
}

/** The most metrics that a stack can have at once, each of them in every hour. */
export const everySeries = (verbs: number): number =>
  series.stack +
  series.messages +
  series.connections +
  series.eachVerb * verbs +
  series.outcomes +
  series.refusals +
  series.rare
