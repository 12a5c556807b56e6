import { entries, type Json, object, text } from '../json.ts'
import { listOf } from '../template/load.ts'
import { account, region } from '../template/resources.ts'

/** One thing a request does, as IAM sees it. */
export interface Access {
  action: string
  table: string
  resource: string
}

const transactActions: Record<string, string> = {
  ConditionCheck: 'ConditionCheckItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
}

/** A transaction needs the permission of each of its items, under the name of the item's own operation. */
export function accessesOf(operation: string, input: Json): Access[] {
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return listOf(input.TransactItems).flatMap((item) =>
        entries(item).map(([kind, target]) => access(transactActions[kind] ?? kind, object(target).TableName)),
      )
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return entries(input.RequestItems).map(([table]) => access(operation, table))
  }
  return [access(operation, input.TableName, input.IndexName)]
}

/** Of an index its own ARN counts; that of its table says nothing about it. */
function access(operation: string, table: unknown, index?: unknown): Access {
  const name = text(table).replace(/^arn:.*:table\//, '')
  const resource = name
    ? `arn:aws:dynamodb:${region}:${account}:table/${name}${index ? `/index/${text(index)}` : ''}`
    : '*'
  return { action: `dynamodb:${operation}`, table: name, resource }
}
