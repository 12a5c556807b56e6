import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Meter } from '../domain/budget/meter.ts'
import { ofCall } from '../domain/failed-calls.ts'

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'TransactGetItems'])

/**
 * Asks DynamoDB for the capacity that each call of the client consumes, and adds it to the meter. An error is remembered
 * with its call.
 */
export function meterCalls(client: DynamoDBClient, meter: Meter): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) => {
      const action = commandName.replace(/Command$/, '')
      const kind = reads.has(action) ? 'read' : 'write'
      return async (args) => {
        const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } }).catch(
          (error: unknown) => {
            throw ofCall(error, { action, target: tablesOf(args.input) })
          },
        )
        meter.add(kind, unitsIn(result.output))
        return result
      }
    },
    { step: 'initialize', priority: 'high', name: 'meter' },
  )
}

/** The names of the tables that a call is about. */
function tablesOf(input: object): string {
  const { TableName, RequestItems, TransactItems }: Record<string, unknown> = { ...input }
  if (typeof TableName === 'string') return TableName
  if (!Array.isArray(TransactItems)) return Object.keys(Object(RequestItems)).join()
  const steps: { TableName?: unknown }[] = TransactItems.flatMap((item) => Object.values(Object(item)))
  return [...new Set(steps.map((step) => String(step.TableName)))].join()
}

type Consumed = ConsumedCapacity | ConsumedCapacity[] | undefined

function unitsIn(output: object): number {
  const consumed = 'ConsumedCapacity' in output ? (output.ConsumedCapacity as Consumed) : undefined
  return [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
}
