import { Metric, type MetricOptions, Unit } from 'aws-cdk-lib/aws-cloudwatch'
import { Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { type MetricName, metricNamespace, metrics } from '../lambdas/bindings.ts'

/** The unit of what the functions count and measure, each for the whole chat. */
export const metricUnits = Object.fromEntries(
  Object.entries(metrics).map(([name, { unit }]) => [name, unit === 'Count' ? Unit.COUNT : Unit.MILLISECONDS]),
) as Readonly<Record<ChatMetric, Unit>>

/** The name of a metric. */
export type ChatMetric = MetricName

/**
 * The value of the dimension `Stack` in every metric of a chat: the name of the stack, and behind it the path of the
 * chat in the stack, unless its id is `Default`. A second chat in a stack never changes that of the first.
 */
export function stackDimension(chat: Construct): string {
  const stack = Stack.of(chat)
  const path = chat.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id)
  return [stack.stackName, ...path.filter((id) => id !== 'Default')].join('/')
}

/** Counts are summed, and times are those of the slowest in a hundred, unless the options say otherwise. */
export const metricOf = (chat: Construct, name: ChatMetric, options: MetricOptions = {}): Metric =>
  new Metric({
    statistic: metricUnits[name] === Unit.COUNT ? 'Sum' : 'p99',
    ...options,
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: { Stack: stackDimension(chat), ...options.dimensionsMap },
  })
