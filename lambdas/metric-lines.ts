import { type Metric, type MetricName, metricNamespace, metrics } from './bindings.ts'

/*
 * Lines in CloudWatch's embedded metric format: JSON objects whose root members are the dimensions, the values of the
 * metrics, and any other fields.
 */

/** Samples of one metric with the same outcome. */
export interface Samples {
  name: MetricName
  outcome: string | undefined
  values: readonly number[]
}

/** CloudWatch takes at most this many values of one metric from a line. */
const mostValues = 100

interface Draft {
  outcome: string | undefined
  values: Map<MetricName, readonly number[]>
}

/**
 * The objects that hold these samples: usually one. A line has one value of the dimension `Outcome`, so samples with
 * another outcome are in another line.
 */
export function metricObjects(
  samples: readonly Samples[],
  { stack, verb, at }: { stack: string; verb: string; at: number },
): [Record<string, unknown>, ...Record<string, unknown>[]] {
  const drafts: [Draft, ...Draft[]] = [{ outcome: undefined, values: new Map() }]
  for (const { name, outcome, values } of samples) {
    for (let from = 0; from < values.length; from += mostValues) {
      const fitting = drafts.find(
        (draft) => !draft.values.has(name) && (draft.outcome ?? outcome) === (outcome ?? draft.outcome),
      )
      const draft = fitting ?? { outcome, values: new Map<MetricName, readonly number[]>() }
      if (!fitting) drafts.push(draft)
      draft.outcome ??= outcome
      draft.values.set(name, values.slice(from, from + mostValues))
    }
  }
  const [first, ...more] = drafts
  const toObject = (draft: Draft) => objectOf(draft, stack, verb, at)
  return [toObject(first), ...more.map(toObject)]
}

function objectOf({ outcome, values }: Draft, Stack: string, Verb: string, Timestamp: number): Record<string, unknown> {
  const directives = new Map<string, { Namespace: string; Dimensions: string[][]; Metrics: object[] }>()
  const figures: Record<string, number | readonly number[]> = {}
  for (const [name, some] of values) {
    const { unit, by }: Metric = metrics[name]
    // A series of zeros for each verb would cost as much as one that says something.
    const isZero = unit === 'Count' && some.every((value) => value === 0)
    const parts = isZero ? [] : by.filter((part) => part !== 'Outcome' || outcome !== undefined)
    const key = parts.join()
    const directive = directives.get(key) ?? {
      Namespace: metricNamespace,
      Dimensions: [['Stack'], ...parts.map((part) => ['Stack', part])],
      Metrics: [],
    }
    directives.set(key, directive)
    directive.Metrics.push({ Name: name, Unit: unit })
    figures[name] = some.length === 1 ? (some[0] ?? 0) : some
  }
  return {
    _aws: { Timestamp, CloudWatchMetrics: [...directives.values()] },
    Stack,
    Verb,
    ...(outcome !== undefined && { Outcome: outcome }),
    ...figures,
  }
}
