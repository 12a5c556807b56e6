import { type Json, object, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import { listOf, resourcesOf, type Template } from './load.ts'

export interface Table {
  name: string
  /** The input of CreateTable. */
  definition: Json
  /** Attribute that time to live reads. */
  timeToLive?: string
}

export function readTables(template: Template, resolve: Resolve): Table[] {
  return resourcesOf(template, 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map(([id, resource]) => {
    const properties = object(resolve(resource.properties))
    const name = String(resolve({ Ref: id }))
    const { AttributeName, Enabled } = object(properties.TimeToLiveSpecification)
    const indexes = (kind: string) => {
      const items = listOf(properties[kind]).map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      }))
      return items.length > 0 ? { [kind]: items } : {}
    }
    return {
      name,
      // A stream slows the embedded database with every record, and without an event source nothing reads it.
      definition: {
        TableName: name,
        AttributeDefinitions: properties.AttributeDefinitions,
        KeySchema: properties.KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        ...indexes('GlobalSecondaryIndexes'),
        ...indexes('LocalSecondaryIndexes'),
      },
      ...(Enabled === true && { timeToLive: text(AttributeName) }),
    }
  })
}
