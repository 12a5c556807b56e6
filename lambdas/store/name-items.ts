import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import { type Key, keys } from './keys.ts'
import { marshal, type Table } from './table.ts'
import { absent, remove } from './transaction-steps.ts'

/**
 * The items that keep names unique. A name was folded in another way before version 0.2, so an item may be stored under
 * the key of that time: it is found and freed there, and new items are stored under the present key.
 */
export class NameItems {
  readonly #table: Table
  readonly #keysOf: (name: string) => readonly [Key, ...Key[]]
  readonly #owner: 'roomId' | 'holder'

  constructor(table: Table, kind: 'room' | 'category') {
    this.#table = table
    this.#keysOf = kind === 'room' ? keys.names : keys.categoryNames
    this.#owner = kind === 'room' ? 'roomId' : 'holder'
  }

  /** The id of the room or category with this name. */
  async ownerOf(name: string): Promise<string | undefined> {
    for (const itemKey of this.#keysOf(name)) {
      const item = await this.#table.get(itemKey)
      if (item) return String(item[this.#owner])
    }
    return undefined
  }

  /** Steps that take a name. The transaction fails if another owner has it. */
  take(name: string, owner: string): TransactWriteItem[] {
    const [present, ...former] = this.#keysOf(name)
    const TableName = this.#table.name
    const condition = {
      ConditionExpression: `${absent} OR #owner = :owner`,
      ExpressionAttributeNames: { '#owner': this.#owner },
      ExpressionAttributeValues: marshal({ ':owner': owner }),
    }
    return [
      { Put: { TableName, Item: marshal({ ...present, [this.#owner]: owner }), ...condition } },
      ...former.map((itemKey) => ({ ConditionCheck: { TableName, Key: marshal(itemKey), ...condition } })),
    ]
  }

  /** Steps that free a name. */
  async free(name: string, owner: string, kept: readonly Key[] = []): Promise<TransactWriteItem[]> {
    const all = this.#keysOf(name).filter((itemKey) => !kept.some((other) => isSameKey(itemKey, other)))
    // A name with one key is that of this owner. The present key of an older name may be that of another owner.
    const own = this.#keysOf(name).length === 1 ? all : await this.#ownedBy(owner, all)
    return own.map((itemKey) => remove(this.#table.name, itemKey))
  }

  /** Steps that change a name. None if its keys stay the same. */
  async change(before: string, after: string, owner: string): Promise<TransactWriteItem[]> {
    const [old, wanted] = [this.#keysOf(before), this.#keysOf(after)]
    if (old.length === wanted.length && old.every((itemKey, at) => isSameKey(itemKey, wanted[at]))) return []
    return [...this.take(after, owner), ...(await this.free(before, owner, wanted))]
  }

  async #ownedBy(owner: string, all: readonly Key[]): Promise<Key[]> {
    const items = await Promise.all(all.map((itemKey) => this.#table.get(itemKey)))
    return all.filter((_, at) => items[at]?.[this.#owner] === owner)
  }
}

const isSameKey = (one: Key, other: Key | undefined) => one[key.partition] === other?.[key.partition]
