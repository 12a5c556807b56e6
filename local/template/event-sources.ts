import { list, object, parse, text } from '../json.ts'
import { checkPattern } from '../streams/filter.ts'
import type { Resolve } from './intrinsics.ts'
import { listOf, type Template } from './load.ts'
import { resolved } from './properties.ts'

/** A stream whose records a function is given. */
export interface EventSource {
  id: string
  /** ARN of the function. */
  function: string
  stream: string
  batchSize: number
  windowMs: number
  /** How many batches of one shard may be under way, each with partition keys of its own. */
  lanes: number
  /** A record passes that fits any of them; without one all do. */
  patterns: unknown[]
  bisects: boolean
  retries: number
  maxAgeMs: number
  /** Whether the function tells in its answer which records failed. */
  reportsFailures: boolean
  /** ARN of the queue that gets what was given up. */
  onFailure?: string
}

const type = 'AWS::Lambda::EventSourceMapping'
const known = [
  ...['BatchSize', 'BisectBatchOnFunctionError', 'DestinationConfig', 'Enabled', 'EventSourceArn', 'FilterCriteria'],
  ...['FunctionName', 'FunctionResponseTypes', 'MaximumBatchingWindowInSeconds', 'MaximumRecordAgeInSeconds'],
  ...['MaximumRetryAttempts', 'ParallelizationFactor', 'StartingPosition'],
  ...['KmsKeyArn', 'MetricsConfig', 'Tags'],
]

/** A stream keeps its records for a day. */
export const retentionMs = 24 * 60 * 60_000

export function readEventSources(
  template: Template,
  resolve: Resolve,
  functionArn: (name: string) => string,
): EventSource[] {
  return resolved(template, resolve, type, known)
    .filter(({ properties }) => properties.Enabled !== false)
    .map(({ id, properties }) => {
      const refuse = (what: string) => new Error(`The local run does not know ${what} of ${type} (${id})`)
      const stream = text(properties.EventSourceArn)
      if (!/:dynamodb:.*\/stream\//.test(stream)) throw refuse(`the source ${stream}`)
      const position = text(properties.StartingPosition)
      if (!['LATEST', 'TRIM_HORIZON'].includes(position)) throw refuse(`the starting position ${position}`)
      const number = (name: string, otherwise: number) => Number(properties[name] ?? otherwise)
      const endless = (name: string) => (number(name, -1) === -1 ? Number.POSITIVE_INFINITY : number(name, -1))
      const onFailure = text(object(object(properties.DestinationConfig).OnFailure).Destination)
      if (onFailure && !onFailure.includes(':sqs:')) throw refuse(`the destination ${onFailure}`)
      const patterns = listOf(object(properties.FilterCriteria).Filters).map(({ Pattern }) => parse(text(Pattern)))
      for (const pattern of patterns) checkPattern(pattern, id)
      return {
        id,
        function: functionArn(text(properties.FunctionName)),
        stream,
        batchSize: number('BatchSize', 100),
        windowMs: number('MaximumBatchingWindowInSeconds', 0) * 1000,
        lanes: number('ParallelizationFactor', 1),
        patterns,
        bisects: properties.BisectBatchOnFunctionError === true,
        retries: endless('MaximumRetryAttempts'),
        maxAgeMs: Math.min(endless('MaximumRecordAgeInSeconds') * 1000, retentionMs),
        reportsFailures: list(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
        ...(onFailure && { onFailure }),
      }
    })
}
