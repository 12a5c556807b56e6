import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Pace } from '../domain/log/log.ts'
import type { Line, RecordBook, Recorded } from '../domain/record/record.ts'
import { type Key, keys } from './keys.ts'
import { type Item, Table } from './table.ts'

/** A line has a key of its own, so that no line ever takes the place of another. */
export function lineOf(roomId: string, { at, ...recorded }: Recorded): [Key, Item] {
  return [keys.line(roomId, `${moment(at)}#${randomUUID()}`), { at, ...recorded }]
}

export class DynamoRecords implements RecordBook {
  readonly #table: Table

  constructor(client: DynamoDBClient, pace: Pace, tableName: string) {
    this.#table = new Table(client, pace, tableName)
  }

  async add(roomId: string, recorded: Recorded): Promise<void> {
    const [itemKey, attributes] = lineOf(roomId, recorded)
    await this.#table.put({ ...itemKey, ...attributes })
  }

  async read(
    roomId: string,
    { from, to }: { from: number; to: number },
    behind: string,
    most: number,
  ): Promise<Line[]> {
    const lines: Line[] = []
    const input = {
      KeyConditionExpression: '#room = :room AND #place BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#room': key.partition, '#place': key.sort },
      Limit: most + 1,
    }
    const start = behind === '' ? moment(from) : behind
    const end = `${moment(to)}~`
    if (start > end) return []
    const values = { ':room': keys.line(roomId, '')[key.partition], ':from': start, ':to': end }
    for await (const item of this.#table.query(input, values)) {
      const line = toLine(item)
      if (line.place !== behind) lines.push(line)
      if (lines.length === most) break
    }
    return lines
  }
}

/** Sorts as text as it does as time, for any time a clock may show. */
const moment = (at: number): string => String(Math.min(Math.max(at, 0), Number.MAX_SAFE_INTEGER)).padStart(16, '0')

/** Items are written by this file alone. */
function toLine(item: Item): Line {
  const { at, event, by, details } = item as Item & Recorded
  return { at, event, by, ...(details && { details }), place: String(item[key.sort]) }
}
