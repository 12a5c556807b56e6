import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb'
import type { Shape } from './kept.ts'

type Described = Pick<TableDescription, 'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes'>

/** What a table lacks, or has otherwise than the functions need it; nothing if it fits. Its stream is not looked at. */
export function differences(table: Described, { key, indexes }: Shape): string[] {
  const types = new Map(
    table.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  )
  const written = (schema: readonly KeySchemaElement[] = []) =>
    [...schema]
      .sort((one, other) => Number(one.KeyType === 'RANGE') - Number(other.KeyType === 'RANGE'))
      .map(({ AttributeName }) => `${AttributeName} ${types.get(AttributeName)}`)
      .join(', ')
  const found = new Map(
    table.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema }) => [IndexName, written(KeySchema)]),
  )
  const own = written(table.KeySchema)
  return [
    ...(own === key ? [] : [`its key is ${own} and must be ${key}`]),
    ...Object.entries(indexes).flatMap(([name, wanted]) => {
      const has = found.get(name)
      if (has === wanted) return []
      return [has === undefined ? `it has no index ${name}` : `its index ${name} is by ${has} and must be by ${wanted}`]
    }),
  ]
}
