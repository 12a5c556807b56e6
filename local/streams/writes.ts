import { entries, type Json, object, text } from '../json.ts'
import { listOf } from '../template/load.ts'
import type { Stream } from './stream.ts'

/** A write of one item in a table with a stream. */
export interface Write {
  stream: Stream
  kind: 'Put' | 'Update' | 'Delete'
  key: Json
  item?: Json
}

/** The writes of a request to tables with a stream. */
export function writesOf(operation: string, input: Json, streamOf: (table: string) => Stream | undefined): Write[] {
  const write = (kind: Write['kind'], table: unknown, { Item, Key }: Json): Write[] => {
    const stream = streamOf(text(table).replace(/^arn:.*:table\//, ''))
    if (!stream) return []
    if (kind !== 'Put') return [{ stream, kind, key: object(Key) }]
    const item = object(Item)
    return [{ stream, kind, key: Object.fromEntries(stream.keyNames.map((name) => [name, item[name]])), item }]
  }
  switch (operation) {
    case 'PutItem':
      return write('Put', input.TableName, input)
    case 'UpdateItem':
      return write('Update', input.TableName, input)
    case 'DeleteItem':
      return write('Delete', input.TableName, input)
    case 'TransactWriteItems':
      return listOf(input.TransactItems).flatMap(({ Put, Update, Delete }) => [
        ...(Put ? write('Put', object(Put).TableName, object(Put)) : []),
        ...(Update ? write('Update', object(Update).TableName, object(Update)) : []),
        ...(Delete ? write('Delete', object(Delete).TableName, object(Delete)) : []),
      ])
    case 'BatchWriteItem':
      return entries(input.RequestItems).flatMap(([table, requests]) =>
        listOf(requests).flatMap(({ PutRequest, DeleteRequest }) =>
          PutRequest ? write('Put', table, object(PutRequest)) : write('Delete', table, object(DeleteRequest)),
        ),
      )
  }
  return []
}
