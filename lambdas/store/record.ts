import { randomUUID } from 'node:crypto'
import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import {
  administration,
  type RecordEvent,
  type RecordLine,
  type RecordStore,
  recordAbout,
} from '../domain/record/record.ts'
import { type Key, keys } from './keys.ts'
import { type Item, Table } from './table.ts'
import { put } from './transaction-steps.ts'

/** Every line has a unique key, so a line never replaces another line. */
export function recordItem(roomId: string, { at, ...recorded }: RecordEvent): [Key, Item] {
  return [keys.recordLine(roomId, `${sortableTime(at)}#${randomUUID()}`), { at, ...recorded }]
}

/** The steps of a transaction that add these lines. */
export const recordSteps = (tableName: string, roomId: string, lines: readonly RecordEvent[]): TransactWriteItem[] =>
  lines.map((line) => put(tableName, ...recordItem(roomId, line)))

export class DynamoRecord implements RecordStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async add(roomId: string, recorded: RecordEvent): Promise<void> {
    const [itemKey, attributes] = recordItem(roomId, recorded)
    await this.#table.put({ ...itemKey, ...attributes })
  }

  async addAdministrative(recorded: RecordEvent, about?: string): Promise<void> {
    await this.add(administration, recorded)
    if (about !== undefined) await this.add(recordAbout(about), recorded)
  }

  async read(
    roomId: string,
    { from, to }: { from: number; to: number },
    behind: string,
    most: number,
  ): Promise<RecordLine[]> {
    const lines: RecordLine[] = []
    const input = {
      KeyConditionExpression: '#room = :room AND #place BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#room': key.partition, '#place': key.sort },
      Limit: most + 1,
    }
    const start = behind === '' ? sortableTime(from) : behind
    const end = `${sortableTime(to)}~`
    if (start > end) return []
    const values = { ':room': keys.recordLine(roomId, '')[key.partition], ':from': start, ':to': end }
    for await (const item of this.#table.query(input, values)) {
      const line = toLine(item)
      if (line.place !== behind) lines.push(line)
      if (lines.length === most) break
    }
    return lines
  }
}

/** Writes a time so that the order as text equals the order of times, for all values of a clock. */
const sortableTime = (at: number): string =>
  String(Math.min(Math.max(at, 0), Number.MAX_SAFE_INTEGER)).padStart(16, '0')

/** Only this file writes these items, so their attributes have the right types. */
function toLine(item: Item): RecordLine {
  const { at, event, by, details } = item as Item & RecordEvent
  return { at, event, by, ...(details && { details }), place: String(item[key.sort]) }
}
