import { type Json, object, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import { listOf, resourcesOf, type Template } from './load.ts'

export interface Table {
  name: string
  /** The input of `CreateTable`. */
  definition: Json
  /** Attribute with the expiry time of an item. */
  timeToLive?: string
  keyNames: string[]
  /** The stream of the table, if it has one. */
  stream?: { arn: string; view: string }
}

/** Reads the tables of a template. */
export function readTables(template: Template, resolve: Resolve): Table[] {
  return resourcesOf(template, 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map(([id, resource]) => {
    const properties = object(resolve(resource.properties))
    const name = String(resolve({ Ref: id }))
    const { AttributeName, Enabled } = object(properties.TimeToLiveSpecification)
    const view = text(object(properties.StreamSpecification).StreamViewType)
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
      // No stream: the embedded database becomes slower with every record of it, so the run records changes itself.
      definition: {
        TableName: name,
        AttributeDefinitions: properties.AttributeDefinitions,
        KeySchema: properties.KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        ...indexes('GlobalSecondaryIndexes'),
        ...indexes('LocalSecondaryIndexes'),
      },
      ...(Enabled === true && { timeToLive: text(AttributeName) }),
      keyNames: listOf(properties.KeySchema)
        .sort((one, other) => Number(one.KeyType === 'RANGE') - Number(other.KeyType === 'RANGE'))
        .map((part) => text(part.AttributeName)),
      ...(view && { stream: { arn: String(resolve({ 'Fn::GetAtt': [id, 'StreamArn'] })), view } }),
    }
  })
}
