import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Meter } from '../domain/budget/meter.ts'

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'TransactGetItems'])

/** Asks DynamoDB for the capacity that each call of the client consumes, and adds it to the meter. */
export function meterCalls(client: DynamoDBClient, meter: Meter): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) => {
      const kind = reads.has(commandName.replace(/Command$/, '')) ? 'read' : 'write'
      return async (args) => {
        const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } })
        meter.add(kind, unitsIn(result.output))
        return result
      }
    },
    { step: 'initialize', priority: 'high', name: 'meter' },
  )
}

type Consumed = ConsumedCapacity | ConsumedCapacity[] | undefined

function unitsIn(output: object): number {
  const consumed = 'ConsumedCapacity' in output ? (output.ConsumedCapacity as Consumed) : undefined
  return [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
}
