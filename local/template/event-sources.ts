import { list, object, parse, text } from '../json.ts'
import { checkPattern } from '../streams/filter.ts'
import type { Resolve } from './intrinsics.ts'
import { listOf, type Template } from './load.ts'
import { resolved } from './properties.ts'

/** A mapping that invokes a function with the records of a stream. */
export interface EventSource {
  id: string
  /** ARN of the function. */
  function: string
  stream: string
  batchSize: number
  windowMs: number
  /** How many batches of a shard are processed at the same time, each with different partition keys. */
  parallelBatches: number
  /** A record passes if it matches one of these patterns; without patterns every record passes. */
  patterns: unknown[]
  bisects: boolean
  retries: number
  maxAgeMs: number
  /** Whether the function's result lists the records that failed. */
  reportsFailures: boolean
  /** ARN of the queue that gets a record about each discarded batch. */
  onFailure?: string
}

const type = 'AWS::Lambda::EventSourceMapping'
const known = [
  ...['BatchSize', 'BisectBatchOnFunctionError', 'DestinationConfig', 'Enabled', 'EventSourceArn', 'FilterCriteria'],
  ...['FunctionName', 'FunctionResponseTypes', 'MaximumBatchingWindowInSeconds', 'MaximumRecordAgeInSeconds'],
  ...['MaximumRetryAttempts', 'ParallelizationFactor', 'StartingPosition'],
  ...['KmsKeyArn', 'MetricsConfig', 'Tags'],
]

/** How long a stream keeps its records. */
export const retentionMs = 24 * 60 * 60_000

/** Reads the event source mappings of a template. Throws if a mapping uses an unknown feature. */
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
        parallelBatches: number('ParallelizationFactor', 1),
        patterns,
        bisects: properties.BisectBatchOnFunctionError === true,
        retries: endless('MaximumRetryAttempts'),
        maxAgeMs: Math.min(endless('MaximumRecordAgeInSeconds') * 1000, retentionMs),
        reportsFailures: list(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
        ...(onFailure && { onFailure }),
      }
    })
}
