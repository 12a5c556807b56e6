import { list, object, parse, text } from '../json.ts'
import type { Table } from '../template/tables.ts'
import { signed } from './forward.ts'

/** Creates the tables that do not exist yet; tables of an earlier run keep their items. */
export async function createTables(endpoint: string, tables: Table[]): Promise<void> {
  const existing = new Set(list((await call(endpoint, 'ListTables', {})).TableNames))
  for (const { name, definition, timeToLive } of tables) {
    if (existing.has(name)) continue
    await call(endpoint, 'CreateTable', definition)
    if (timeToLive === undefined) continue
    await call(endpoint, 'UpdateTimeToLive', {
      TableName: name,
      TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true },
    })
  }
}

async function call(endpoint: string, operation: string, input: unknown) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...signed, 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(input),
  })
  const result = object(parse(await response.text()))
  if (!response.ok) throw new Error(`${operation}: ${text(result.__type)} ${text(result.message ?? result.Message)}`)
  return result
}
