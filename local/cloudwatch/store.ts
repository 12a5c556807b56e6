import { addSummary, addValue, emptySummary, type Summary } from './summary.ts'

export type Dimensions = Record<string, string>

export interface MetricId {
  namespace: string
  name: string
  dimensions: Dimensions
}

export interface Datum extends MetricId {
  value: number
  /** Milliseconds since 1970. */
  at: number
}

export const minuteMs = 60_000

/** Metrics, minute by minute. */
export interface MetricStore {
  put(datum: Datum): void
  /** The values of exactly this metric in `[from, to)`, both at the beginning of a minute; undefined if there are none. */
  read(metric: MetricId, from: number, to: number): Summary | undefined
  /** Every metric that has values. */
  metrics(): MetricId[]
  /** Forgets the minutes before this time. */
  forget(before: number): void
}

interface Series {
  id: MetricId
  minutes: Map<number, Summary>
}

/** A metric is its namespace, its name and all of its dimensions; with one dimension less it is another. */
export function metricKey({ namespace, name, dimensions }: MetricId): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([namespace, name, sorted])
}

export function metricStore(): MetricStore {
  const all = new Map<string, Series>()
  return {
    put({ namespace, name, dimensions, value, at }) {
      const id = { namespace, name, dimensions }
      const key = metricKey(id)
      const series = all.get(key) ?? { id, minutes: new Map() }
      all.set(key, series)
      const minute = Math.floor(at / minuteMs)
      const summary = series.minutes.get(minute) ?? emptySummary()
      series.minutes.set(minute, summary)
      addValue(summary, value)
    },
    read(metric, from, to) {
      const minutes = all.get(metricKey(metric))?.minutes
      if (!minutes) return undefined
      const whole = emptySummary()
      for (const [minute, summary] of minutes) {
        const at = minute * minuteMs
        if (at >= from && at < to) addSummary(whole, summary)
      }
      return whole.count > 0 ? whole : undefined
    },
    metrics: () => [...all.values()].map(({ id }) => id),
    forget(before) {
      for (const [key, { minutes }] of all) {
        for (const minute of minutes.keys()) if (minute * minuteMs < before) minutes.delete(minute)
        if (minutes.size === 0) all.delete(key)
      }
    },
  }
}
