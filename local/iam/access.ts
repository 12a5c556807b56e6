import { entries, type Json, object, text } from '../json.ts'
import { listOf } from '../template/load.ts'
import { account, region } from '../template/resources.ts'

/** An action on a resource, for which IAM needs a permission. */
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

/** The accesses of a request. A transaction needs a permission for each item, named by the operation of that item. */
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

/** The access to a table or, if it is given, to an index: a permission for the table does not include its indexes. */
function access(operation: string, table: unknown, index?: unknown): Access {
  const name = text(table).replace(/^arn:.*:table\//, '')
  const resource = name
    ? `arn:aws:dynamodb:${region}:${account}:table/${name}${index ? `/index/${text(index)}` : ''}`
    : '*'
  return { action: `dynamodb:${operation}`, table: name, resource }
}
