import { key, logKey } from '../../lambdas/bindings.ts'
import type { Item } from '../tables/item.ts'
import { Rate } from '../tables/rate.ts'
import { scanAll } from '../tables/scan.ts'
import type { Restoring } from './new-tables.ts'

/** A position between floor and head at which nothing is stored, and the time of the entry before it. */
export interface Hole {
  roomId: string
  seq: number
  sentAt: number
}

export interface Logs {
  /** Logs, and entries behind their floors. */
  logs: number
  entries: number
  holes: Hole[]
  /** Rooms without a log: nobody could say anything in them. */
  withoutLog: string[]
}

interface LogSoFar {
  floor: number
  /** The last position that was read, and its time. */
  last: number
  sentAt: number
}

/** Segments to read side by side. */
const segments = 4

/**
 * Reads all logs, and whether each is dense from its floor to its head. A restore does not promise a causal cut: of two
 * messages written within a second, it may have the later one alone.
 */
export async function readLogs(
  { database, clock, output }: Restoring,
  { messages, rooms }: { messages: string; rooms: string },
): Promise<Logs> {
  const found: Logs = { logs: 0, entries: 0, holes: [], withoutLog: [] }
  const logs = new Map<string, LogSoFar>()
  const rate = new Rate(clock)
  output.note('messages: reading all logs')
  await scanAll(database, messages, { segments, rate }, (items) => {
    for (const item of items) readEntry(item, logs, found)
  })
  await scanAll(database, rooms, { segments, rate }, (items) => {
    for (const item of items) {
      const roomId = roomIdOf(item)
      if (roomId !== undefined && !logs.has(roomId)) found.withoutLog.push(roomId)
    }
  })
  return { ...found, logs: logs.size }
}

/** Entries of one log come in the order of their positions. Those below the floor are being deleted, and may be missing. */
function readEntry(item: Item, logs: Map<string, LogSoFar>, found: Logs): void {
  const roomId = item[logKey.partition]?.S ?? ''
  const [seq, sentAt] = [Number(item[logKey.sort]?.N), Number(item.sentAt?.N ?? 0)]
  const log = logs.get(roomId) ?? { floor: seq === 0 ? Number(item.floor?.N ?? 1) : 0, last: -1, sentAt }
  if (seq >= log.floor) found.entries++
  for (let missing = log.last + 1; missing < seq; missing++) {
    if (missing === 0 || missing >= log.floor) found.holes.push({ roomId, seq: missing, sentAt: log.sentAt })
  }
  logs.set(roomId, { floor: log.floor, last: seq, sentAt })
}

const roomPrefix = 'room#'

function roomIdOf(item: Item): string | undefined {
  const [partition = '', sort] = [item[key.partition]?.S, item[key.sort]?.S]
  return sort === 'room' && partition.startsWith(roomPrefix) ? partition.slice(roomPrefix.length) : undefined
}
