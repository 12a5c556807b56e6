import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { metricNamespace } from '../../lambdas/bindings.ts'
import type { ChatTables, tableNames } from '../tables.ts'

export type TableName = (typeof tableNames)[number]

/** What is watched. */
export interface WatchedParts {
  /** The value of the dimension `Stack`. */
  name: string
  stage: WebSocketStage
  functions: ReadonlyMap<string, IFunction>
  tables: ChatTables
  undelivered: IQueue
}

export type Metrics = ReturnType<typeof metricsOf>

const minute = Duration.minutes(1)

/** Each kind of metric with the dimensions under which it is published. With others an alarm would never see a value. */
export function metricsOf({ name, stage, functions, tables, undelivered }: WatchedParts) {
  const metric = (namespace: string, metricName: string, statistic: string, dimensionsMap: Record<string, string>) =>
    new Metric({ namespace, metricName, statistic, dimensionsMap, period: minute })
  return {
    name,
    /** A metric of the functions: of the whole chat, or of one verb or outcome. */
    own: (metricName: string, statistic = 'Sum', part: { Verb?: string; Outcome?: string } = {}) =>
      metric(metricNamespace, metricName, statistic, { Stack: name, ...part }),
    api: (metricName: string) =>
      metric('AWS/ApiGateway', metricName, 'Sum', { ApiId: stage.api.apiId, Stage: stage.stageName }),
    lambda: (functionName: string, metricName: string, statistic = 'Sum') => {
      const fn = functions.get(functionName)
      if (!fn) throw new Error(`The chat has no function ${functionName}.`)
      return metric('AWS/Lambda', metricName, statistic, { FunctionName: fn.functionName })
    },
    /** Of all functions of the account in this region, those of other stacks included: they share its concurrency. */
    account: (metricName: string, statistic = 'Sum') => metric('AWS/Lambda', metricName, statistic, {}),
    table: (
      table: TableName,
      metricName: string,
      part: { Operation?: string; GlobalSecondaryIndexName?: string } = {},
    ) => metric('AWS/DynamoDB', metricName, 'Sum', { TableName: tables[table].tableName, ...part }),
    undelivered: (metricName: string) => metric('AWS/SQS', metricName, 'Maximum', { QueueName: undelivered.queueName }),
  }
}

/** A metric under its own name on the dashboard, instead of the name with all dimensions. */
export const named = (metric: Metric, label = metric.metricName): Metric => metric.with({ label })

/**
 * The sum of metrics that have a value only when something happens. What is missing counts as zero, so an alarm on tables
 * clears: CloudWatch would else leave it as it is while DynamoDB publishes nothing.
 */
export function sum(label: string, metrics: readonly IMetric[]): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`m${at + 1}`, metric]))
  const expression = Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ')
  return new MathExpression({ expression, usingMetrics, label, period: minute })
}

/** Arithmetic on metrics, in the syntax of CloudWatch. */
export const math = (label: string, expression: string, usingMetrics: Record<string, IMetric>, period = minute) =>
  new MathExpression({ label, expression, usingMetrics, period })
