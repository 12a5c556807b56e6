import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Key } from './keys.ts'
import { type Item, marshal } from './table.ts'

/** Steps of a transaction. Attribute names are given as placeholders, because any of them may be a reserved word. */

export const absent = `attribute_not_exists(${key.partition})`
const present = `attribute_exists(${key.partition})`
const atVersion = { names: { '#version': 'version' }, condition: '#version = :atVersion' }

export const putNew = (TableName: string, itemKey: Key, attributes: Item): TransactWriteItem => ({
  Put: { TableName, Item: marshal({ ...itemKey, ...attributes }), ConditionExpression: absent },
})

export const put = (TableName: string, itemKey: Key, attributes: Item): TransactWriteItem => ({
  Put: { TableName, Item: marshal({ ...itemKey, ...attributes }) },
})

export const remove = (TableName: string, itemKey: Key): TransactWriteItem => ({
  Delete: { TableName, Key: marshal(itemKey) },
})

export const removeExisting = (TableName: string, itemKey: Key): TransactWriteItem => ({
  Delete: { TableName, Key: marshal(itemKey), ConditionExpression: present },
})

/** Sets these attributes if the item has this version. Other attributes stay. */
export function setAtVersion(
  TableName: string,
  itemKey: Key,
  version: number,
  attributes: Item,
  orAbsent = false,
): TransactWriteItem {
  const fields = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return {
    Update: {
      TableName,
      Key: marshal(itemKey),
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: orAbsent ? `${absent} OR ${atVersion.condition}` : atVersion.condition,
      ExpressionAttributeNames: {
        ...atVersion.names,
        ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: marshal({
        ':atVersion': version,
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      }),
    },
  }
}

/** The attribute of a room that holds the version which last replaced the list of a role. */
export const listedAt = (role: string) => `${role}sListedAt`

/** The transaction fails unless this attribute of the item has this value. */
export const check = (TableName: string, itemKey: Key, attribute: string, value: unknown): TransactWriteItem => ({
  ConditionCheck: {
    TableName,
    Key: marshal(itemKey),
    ConditionExpression: '#attribute = :value',
    ExpressionAttributeNames: { '#attribute': attribute },
    ExpressionAttributeValues: marshal({ ':value': value }),
  },
})

export const removeAtVersion = (TableName: string, itemKey: Key, version: number): TransactWriteItem => ({
  Delete: {
    TableName,
    Key: marshal(itemKey),
    ConditionExpression: atVersion.condition,
    ExpressionAttributeNames: atVersion.names,
    ExpressionAttributeValues: marshal({ ':atVersion': version }),
  },
})

/** Like `removeAtVersion`, but only if the counter of the item is zero. */
export const removeEmptyAt = (
  TableName: string,
  itemKey: Key,
  version: number,
  counter: string,
): TransactWriteItem => ({
  Delete: {
    TableName,
    Key: marshal(itemKey),
    ConditionExpression: `${atVersion.condition} AND (attribute_not_exists(#counter) OR #counter = :none)`,
    ExpressionAttributeNames: { ...atVersion.names, '#counter': counter },
    ExpressionAttributeValues: marshal({ ':atVersion': version, ':none': 0 }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
})

/** Changes a counter of an existing item. */
export const count = (TableName: string, itemKey: Key, counter: string, by: number): TransactWriteItem => ({
  Update: {
    TableName,
    Key: marshal(itemKey),
    UpdateExpression: 'ADD #counter :by',
    ConditionExpression: present,
    ExpressionAttributeNames: { '#counter': counter },
    ExpressionAttributeValues: marshal({ ':by': by }),
  },
})
