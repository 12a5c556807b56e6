import type { EvaluatedAlarm, Query } from './alarm.ts'
import { evaluate, type Values } from './expression.ts'
import { breachesOf, morePeriods, type State, stateOf } from './state.ts'
import type { MetricStore } from './store.ts'
import { percentileOf, type Summary, statisticOf } from './summary.ts'

/** What an alarm sees at a time: its values, oldest first, and the state that follows. */
export interface Evaluated {
  state: State
  values: Values
}

/** Evaluates an alarm at the end of a minute. Its periods end there, so those longer than a minute overlap. */
export function evaluateAlarm(store: MetricStore, alarm: EvaluatedAlarm, at: number, now: State): Evaluated {
  const series = new Map<string, Values>()
  let low: boolean[] = []
  for (const query of alarm.queries) {
    if (!('metric' in query)) continue
    const summaries = summariesOf(store, query, alarm.periods + morePeriods, at)
    series.set(
      query.id,
      summaries.map((summary) => summary && statisticOf(summary, query.statistic)),
    )
    if (alarm.ignoresLowSamples) low = summaries.map((summary) => isLow(summary, query.statistic))
  }
  const values = returnedOf(alarm.queries, series)
  const breaches = breachesOf(alarm, values)
  const newest = breaches.findLastIndex((breach) => breach !== undefined)
  if (low[newest]) return { state: now, values }
  return {
    state: stateOf(
      alarm,
      breaches.map((breach, index) => (low[index] ? undefined : breach)),
      now,
    ),
    values,
  }
}

function summariesOf(
  store: MetricStore,
  query: Extract<Query, { statistic: string }>,
  count: number,
  at: number,
): (Summary | undefined)[] {
  return Array.from({ length: count }, (_, index) => {
    const to = at - (count - 1 - index) * query.periodMs
    return store.read(query.metric, to - query.periodMs, to)
  })
}

/** A percentile says little of fewer than ten values beyond it. */
function isLow(summary: Summary | undefined, statistic: string): boolean {
  const share = percentileOf(statistic)
  return summary !== undefined && share !== undefined && summary.count * (1 - share) < 10 - 1e-6
}

function returnedOf(queries: Query[], series: Map<string, Values>): Values {
  const returned = queries.find((query) => query.returned)
  if (!returned) throw new Error('An alarm must return one of its metrics')
  if ('metric' in returned) return series.get(returned.id) ?? []
  return evaluate(returned.expression, series)
}
