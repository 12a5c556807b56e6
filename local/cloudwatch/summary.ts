/** The values of a metric in a stretch of time. */
export interface Summary {
  count: number
  sum: number
  min: number
  max: number
  /** How often each value came, rounded to three digits. */
  values: Map<number, number>
}

export const emptySummary = (): Summary => ({
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  values: new Map(),
})

/** Percentiles need no more, and the values of a long run must not fill the memory. */
const rounded = (value: number) => Number(value.toPrecision(3))

export function addValue(to: Summary, value: number): void {
  to.count++
  to.sum += value
  to.min = Math.min(to.min, value)
  to.max = Math.max(to.max, value)
  const key = rounded(value)
  to.values.set(key, (to.values.get(key) ?? 0) + 1)
}

export function addSummary(to: Summary, more: Summary): void {
  to.count += more.count
  to.sum += more.sum
  to.min = Math.min(to.min, more.min)
  to.max = Math.max(to.max, more.max)
  for (const [value, count] of more.values) to.values.set(value, (to.values.get(value) ?? 0) + count)
}

/** The share of a percentile such as `p99.9`; undefined for every other statistic. */
export function percentileOf(statistic: string): number | undefined {
  const percent = /^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1]
  return percent === undefined ? undefined : Number(percent) / 100
}

/** A statistic by its name in CloudWatch. */
export function statisticOf(summary: Summary, statistic: string): number {
  switch (statistic) {
    case 'Sum':
      return summary.sum
    case 'SampleCount':
      return summary.count
    case 'Average':
      return summary.sum / summary.count
    case 'Minimum':
      return summary.min
    case 'Maximum':
      return summary.max
  }
  const share = percentileOf(statistic)
  if (share === undefined) throw new Error(`The local run does not know the statistic ${statistic}`)
  return percentile(summary, share)
}

function percentile({ values, count, max }: Summary, share: number): number {
  let left = Math.ceil(share * count)
  for (const [value, times] of [...values].sort(([a], [b]) => a - b)) {
    left -= times
    if (left <= 0) return Math.min(value, max)
  }
  return max
}
