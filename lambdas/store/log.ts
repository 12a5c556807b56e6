import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { logKey } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Entry, MessageBody, SeqRange } from '../domain/log/entry.ts'
import type { Log } from '../domain/log/log.ts'

import { toEntry, toItem } from './entries.ts'
import { digestOf, keys } from './keys.ts'
import { type Item, Table } from './table.ts'

/** Position 0 opens a log. It is never deleted and holds the floor. */
export const firstItem = (roomId: string, sentAt: number): Item => ({ ...keys.entry(roomId, 0), sentAt, floor: 1 })

/** The log of each room: one partition, with the position as sort key. */
export class DynamoLog implements Log {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  read(roomId: string, from: number, limit: number): Promise<Entry[]> {
    return this.#query(`${logKey.sort} >= :seq`, roomId, from, limit, true)
  }

  readBack(roomId: string, before: number, limit: number): Promise<Entry[]> {
    return this.#query(`${logKey.sort} < :seq`, roomId, before, limit, false)
  }

  async skim(roomId: string, { low, high }: SeqRange, from: 'oldest' | 'newest', limit: number): Promise<Entry[]> {
    const items = await this.#table.page(
      {
        KeyConditionExpression: `${logKey.partition} = :log AND ${logKey.sort} BETWEEN :low AND :high`,
        ScanIndexForward: from === 'oldest',
        ConsistentRead: false,
        Limit: limit,
      },
      { ':log': roomId, ':low': low, ':high': high },
    )
    return items.map(toEntry)
  }

  async find(roomId: string, seqs: readonly number[]): Promise<Entry[]> {
    const items = await this.#table.getAll(seqs.map((seq) => keys.entry(roomId, seq)))
    return items.map(toEntry)
  }

  async head(roomId: string): Promise<Entry | undefined> {
    const [newest] = await this.readBack(roomId, Number.MAX_SAFE_INTEGER, 1)
    return newest
  }

  async floor(roomId: string): Promise<number> {
    const start = await this.#table.get(keys.entry(roomId, 0))
    return Number(start?.floor ?? 1)
  }

  async put(roomId: string, entry: Entry): Promise<'stored' | Entry> {
    // A resend by the SDK finds the item that it stored before. This token shows that the item is its own.
    const attempt = randomUUID().slice(0, 8)
    const outcome = await this.#table.put(
      { ...keys.entry(roomId, entry.seq), ...toItem(entry), attempt },
      { ConditionExpression: `attribute_not_exists(${logKey.sort})` },
    )
    if (outcome.done) return 'stored'
    if (!outcome.found) throw new Error('A refused put did not answer what stands there.')
    return outcome.found.attempt === attempt ? 'stored' : toEntry(outcome.found)
  }

  async redact(
    roomId: string,
    seq: number,
    removed: { by: string; at: number },
    replacement?: string,
  ): Promise<boolean> {
    const instead = replacement === undefined ? { set: '', remove: '#text, ' } : { set: ', #text = :text', remove: '' }
    const redacted = await this.#table.update(
      keys.entry(roomId, seq),
      {
        UpdateExpression: `SET #removed = :removed${instead.set} REMOVE ${instead.remove}#parts, #alert, #title, #rich`,
        // Without these conditions, the update would create an item that a purge has deleted.
        ConditionExpression:
          'attribute_exists(#user) AND attribute_not_exists(#removed) AND attribute_not_exists(#removes)',
        ExpressionAttributeNames: {
          '#removed': 'removed',
          '#removes': 'removes',
          '#user': 'user',
          '#text': 'text',
          '#parts': 'parts',
          '#alert': 'alert',
          '#title': 'title',
          '#rich': 'rich',
        },
      },
      { ':removed': removed, ...(replacement !== undefined && { ':text': replacement }) },
    )
    return redacted.done
  }

  async disown(roomId: string, seq: number, name: string, removed?: { by: string; at: number }): Promise<boolean> {
    const body = ['text', 'parts', 'alert', 'title', 'rich']
    const removal = removed
      ? `, #removed = if_not_exists(#removed, :removed) REMOVE ${body.map((field) => `#${field}`).join(', ')}`
      : ''
    const used = ['name', 'user', 'removes', ...(removed ? ['removed', ...body] : [])]
    const disowned = await this.#table.update(
      keys.entry(roomId, seq),
      {
        UpdateExpression: `SET #name = :name${removal}`,
        ConditionExpression: 'attribute_exists(#user) AND attribute_not_exists(#removes)',
        ExpressionAttributeNames: Object.fromEntries(used.map((field) => [`#${field}`, field])),
      },
      { ':name': name, ...(removed && { ':removed': removed }) },
    )
    return disowned.done
  }

  async raiseFloor(roomId: string, floor: number): Promise<void> {
    await this.#table.update(
      keys.entry(roomId, 0),
      {
        UpdateExpression: 'SET #floor = :floor',
        ConditionExpression: '#floor < :floor',
        ExpressionAttributeNames: { '#floor': 'floor' },
      },
      { ':floor': floor },
    )
  }

  async trim(roomId: string, floor: number, most: number): Promise<boolean> {
    if (floor < 2) return true
    const below = (limit: number) =>
      this.#table.page(
        {
          KeyConditionExpression: `${logKey.partition} = :log AND ${logKey.sort} BETWEEN :first AND :last`,
          ProjectionExpression: logKey.sort,
          Limit: limit,
        },
        { ':log': roomId, ':first': 1, ':last': floor - 1 },
      )
    const oldest = await below(most)
    await this.#table.deleteAll(oldest.map((item) => keys.entry(roomId, Number(item[logKey.sort]))))
    return oldest.length === 0 || (await below(1)).length === 0
  }

  digest(body: MessageBody): string {
    const { text, parts, alert, title, rich } = body
    return digestOf(JSON.stringify([text, parts?.map(sorted), alert === true, title, rich && sorted(rich)]))
  }

  async #query(condition: string, roomId: string, seq: number, limit: number, ascending: boolean): Promise<Entry[]> {
    const entries: Entry[] = []
    const input = {
      KeyConditionExpression: `${logKey.partition} = :log AND ${condition}`,
      ScanIndexForward: ascending,
      Limit: limit,
    }
    for await (const item of this.#table.query(input, { ':log': roomId, ':seq': seq })) {
      entries.push(toEntry(item))
      if (entries.length === limit) break
    }
    return entries
  }
}

/** DynamoDB does not keep the order of attributes in a map. */
const sorted = (fields: object) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
