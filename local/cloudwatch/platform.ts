import { object, parse, text } from '../json.ts'
import type { Datum, Dimensions } from './store.ts'

/** What the services of AWS publish about themselves, under the dimensions that they use. */
export interface Platform {
  /** An invocation begins. The returned function ends it. */
  invoked(name: string): (outcome: { failed: boolean }) => void
  throttled(name: string): void
  /** How long the oldest record of a batch has waited for its function. */
  iteratorAge(name: string, ms: number): void
  connect(): void
  /** A frame of a client, or one to a client. */
  message(): void
  /** The function behind a route failed, or answered a status of 400 or more. */
  integrationError(): void
  /** Refused before any function behind a route. */
  clientError(): void
  database(call: DatabaseCall): void
  consumed(table: string, kind: 'Read' | 'Write', units: number): void
}

export interface DatabaseCall {
  operation: string
  tables: readonly string[]
  /** The index that was asked, if it was one. */
  index?: string | undefined
  status: number
  body: Buffer | string
}

export interface PlatformOptions {
  now: () => number
  put: (datum: Datum) => void
}

/** Records what a run knows of itself in the way of the services that it stands for. */
export function platformMetrics({ now, put }: PlatformOptions, api: { id: string; stage: string }): Platform {
  const record = (namespace: string, name: string, dimensions: Dimensions, value = 1, at = now()) =>
    put({ namespace, name, dimensions, value, at })
  const lambda = (name: string, metric: string, value: number, at = now()) => {
    for (const dimensions of [{ FunctionName: name }, {}]) record('AWS/Lambda', metric, dimensions, value, at)
  }
  const gateway = (metric: string) => {
    for (const dimensions of [{ ApiId: api.id, Stage: api.stage }, { ApiId: api.id }])
      record('AWS/ApiGateway', metric, dimensions)
  }
  const running = new Map<string, number>()
  const all = () => [...running.values()].reduce((sum, count) => sum + count, 0)
  return {
    invoked(name) {
      const began = now()
      running.set(name, (running.get(name) ?? 0) + 1)
      record('AWS/Lambda', 'ConcurrentExecutions', { FunctionName: name }, running.get(name))
      record('AWS/Lambda', 'ConcurrentExecutions', {}, all())
      return ({ failed }) => {
        running.set(name, (running.get(name) ?? 1) - 1)
        lambda(name, 'Invocations', 1, began)
        lambda(name, 'Errors', failed ? 1 : 0, began)
        lambda(name, 'Duration', now() - began, began)
      }
    },
    throttled: (name) => lambda(name, 'Throttles', 1),
    iteratorAge: (name, ms) => record('AWS/Lambda', 'IteratorAge', { FunctionName: name }, ms),
    connect: () => gateway('ConnectCount'),
    message: () => gateway('MessageCount'),
    integrationError: () => gateway('IntegrationError'),
    clientError: () => gateway('ClientError'),
    consumed: (TableName, kind, units) => record('AWS/DynamoDB', `Consumed${kind}CapacityUnits`, { TableName }, units),
    database({ operation, tables, index, status, body }) {
      if (status === 200) return
      const type = status >= 500 ? '' : text(object(parse(String(body))).__type).replace(/^.*#/, '')
      for (const TableName of tables) {
        const table = (metric: string, part: Dimensions = {}) => record('AWS/DynamoDB', metric, { TableName, ...part })
        if (status >= 500) table('SystemErrors', { Operation: operation })
        else if (throttles.has(type)) {
          table('ThrottledRequests', { Operation: operation })
          const event = reads.test(operation) ? 'ReadThrottleEvents' : 'WriteThrottleEvents'
          table(event, index === undefined ? {} : { GlobalSecondaryIndexName: index })
        } else if (type === 'ConditionalCheckFailedException') table('ConditionalCheckFailedRequests')
      }
    },
  }
}

const throttles = new Set(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'])
const reads = /^(Get|Query|Scan|BatchGet|TransactGet)/
