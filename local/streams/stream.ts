import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { retentionMs } from '../template/event-sources.ts'
import type { Table } from '../template/tables.ts'
import { type Change, recordOf, type StreamRecord } from './record.ts'

/** A record with what only the run knows of it. */
export interface Kept {
  record: StreamRecord
  sequence: string
  /** When it came, to the millisecond. */
  at: number
  /** Its partition key: records that share it keep their order. */
  partition: string
}

export interface Stream {
  arn: string
  table: string
  keyNames: string[]
  view: string
  shard: string
  /** The sequence number before any record. */
  start: string
  append(change: Change): void
  /** What is still kept, oldest first. */
  records(): Kept[]
  listen(take: (kept: Kept) => void): void
}

/** Besides their age, so that a long run does not fill the machine. */
const mostKept = 10_000
const mostBytes = 16 * 1024 * 1024

/** The records of one table, in one shard. Their numbers grow from run to run. */
export function stream({ name, keyNames }: Table, arn: string, view: string, clock: Clock): Stream {
  const began = clock.now()
  const numbered = (count: number) => `${began}${String(count).padStart(12, '0')}`
  const listeners: ((kept: Kept) => void)[] = []
  let records: Kept[] = []
  let [count, bytes] = [0, 0]
  const trim = () => {
    const oldest = clock.now() - retentionMs
    const first = records.findIndex(({ record, at }, place) => {
      if (at > oldest && records.length - place <= mostKept && bytes <= mostBytes) return true
      bytes -= record.dynamodb.SizeBytes
      return false
    })
    if (first !== 0) records = first < 0 ? [] : records.slice(first)
  }
  return {
    arn,
    table: name,
    keyNames,
    view,
    shard: `shardId-${String(began).padStart(20, '0')}-00000000`,
    start: numbered(0),
    append(change) {
      const ms = clock.now()
      const sequence = numbered(count + 1)
      const record = recordOf(change, { id: randomBytes(16).toString('hex'), sequence, ms, view })
      if (!record) return
      count++
      const kept = { record, sequence, at: ms, partition: JSON.stringify(change.key[keyNames[0] ?? '']) }
      // Now and then is often enough: to trim is to copy.
      if (records.length > mostKept * 1.1 || bytes > mostBytes * 1.1) trim()
      records.push(kept)
      bytes += record.dynamodb.SizeBytes
      for (const take of listeners) take(kept)
    },
    records() {
      trim()
      return records
    },
    listen(take) {
      listeners.push(take)
    },
  }
}
