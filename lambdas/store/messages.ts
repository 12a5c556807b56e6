import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { logKey } from '../bindings.ts'
import type { Body, Entry } from '../domain/log.ts'
import type { MessageLog } from '../domain/messages.ts'
import { digestOf, keys } from './keys.ts'
import { type Item, Table } from './table.ts'

/** Position 0 opens a log. It never goes away and holds the floor. */
export const opening = (roomId: string, sentAt: number): Item => ({ ...keys.entry(roomId, 0), sentAt, floor: 1 })

/** The log of each room: a partition whose sort key is the position. */
export class DynamoMessages implements MessageLog {
  readonly #table: Table

  constructor(client: DynamoDBClient, tableName: string) {
    this.#table = new Table(client, tableName)
  }

  read(roomId: string, from: number, limit: number): Promise<Entry[]> {
    return this.#query(`${logKey.sort} >= :seq`, roomId, from, limit, true)
  }

  readBack(roomId: string, before: number, limit: number): Promise<Entry[]> {
    return this.#query(`${logKey.sort} < :seq`, roomId, before, limit, false)
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
    // A resend by the SDK meets the very item that it stored before; only this token tells the two cases apart.
    const attempt = randomUUID().slice(0, 8)
    const outcome = await this.#table.put(
      { ...keys.entry(roomId, entry.seq), ...toItem(entry), attempt },
      { ConditionExpression: `attribute_not_exists(${logKey.sort})` },
    )
    if (outcome.done) return 'stored'
    if (!outcome.found) throw new Error('A refused put did not answer what stands there.')
    return outcome.found.attempt === attempt ? 'stored' : toEntry(outcome.found)
  }

  digest(body: Body): string {
    const { text, parts, alert, title, rich } = body
    return digestOf(
      JSON.stringify([text, parts?.map(Object.entries), alert === true, title, rich && Object.entries(rich)]),
    )
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

const toItem = ({ seq: _, from, body, ...entry }: Entry): Item => ({ ...entry, ...from, ...body })

/** Items are written by this file alone, so their attributes are what `toItem` made of an entry. */
function toEntry(item: Item): Entry {
  const { user, name, text, parts, alert, title, rich, clientMessageId, digest, removed, removes } = item as StoredEntry
  return {
    seq: Number(item[logKey.sort]),
    sentAt: Number(item.sentAt),
    ...(user !== undefined && name !== undefined && { from: { user, name } }),
    ...(clientMessageId !== undefined && { clientMessageId }),
    ...(digest !== undefined && { digest }),
    ...(removed && { removed }),
    ...(removes && { removes }),
    ...(text !== undefined && {
      body: {
        text,
        ...(parts && { parts }),
        ...(alert && { alert }),
        ...(title !== undefined && { title }),
        ...(rich && { rich }),
      },
    }),
  }
}

type StoredEntry = Partial<Omit<Entry, 'body' | 'from'> & Body & { user: string; name: string }>
