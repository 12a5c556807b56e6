import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { retentionMs } from '../template/event-sources.ts'
import type { Table } from '../template/tables.ts'
import { type Change, recordOf, type StreamRecord } from './record.ts'

/** A record with values that only the local run needs. */
export interface StoredRecord {
  record: StreamRecord
  sequence: string
  /** The time of the write in milliseconds. */
  at: number
  /** The partition key; records with the same one keep their order. */
  partition: string
}

export interface Stream {
  arn: string
  table: string
  keyNames: string[]
  view: string
  shard: string
  /** The sequence number before the first record. */
  start: string
  append(change: Change): void
  /** The records that are still kept, oldest first. */
  records(): StoredRecord[]
  listen(listener: (stored: StoredRecord) => void): void
}

/** Limits in addition to the age of records, so that a long run does not use up the memory. */
const maxRecords = 10_000
const maxBytes = 16 * 1024 * 1024

/** The stream of one table, with one shard. Sequence numbers also grow from one run to the next. */
export function stream({ name, keyNames }: Table, arn: string, view: string, clock: Clock): Stream {
  const began = clock.now()
  const sequenceNumber = (count: number) => `${began}${String(count).padStart(12, '0')}`
  const listeners: ((stored: StoredRecord) => void)[] = []
  let records: StoredRecord[] = []
  let [count, bytes] = [0, 0]
  const trim = () => {
    const oldest = clock.now() - retentionMs
    const first = records.findIndex(({ record, at }, index) => {
      if (at > oldest && records.length - index <= maxRecords && bytes <= maxBytes) return true
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
    start: sequenceNumber(0),
    append(change) {
      const ms = clock.now()
      const sequence = sequenceNumber(count + 1)
      const record = recordOf(change, { id: randomBytes(16).toString('hex'), sequence, ms, view })
      if (!record) return
      count++
      const stored = { record, sequence, at: ms, partition: JSON.stringify(change.key[keyNames[0] ?? '']) }
      // Trimming copies the records, so it must not happen on every append.
      if (records.length > maxRecords * 1.1 || bytes > maxBytes * 1.1) trim()
      records.push(stored)
      bytes += record.dynamodb.SizeBytes
      for (const listener of listeners) listener(stored)
    },
    records() {
      trim()
      return records
    },
    listen(listener) {
      listeners.push(listener)
    },
  }
}
