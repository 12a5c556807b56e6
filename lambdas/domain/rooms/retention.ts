import type { CategoryStore } from '../access/categories.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log/log.ts'
import { purge } from '../log/purge.ts'
import type { RecordStore } from '../record/record.ts'
import { allRooms, type KnownRoom } from './all-rooms.ts'
import type { DirectoryStore } from './directory.ts'

/** What a rule of retention is about. */
export type RetentionScope = { roomId: string } | { categoryId: string }

/** What a legal hold is about. A hold on a user keeps every room from the oldest message of the user on. */
export type HoldScope = { roomId: string } | { user: string }

export interface RetentionStore {
  /** How many days messages are kept. Undefined without a rule. */
  daysOf(scope: RetentionScope): Promise<number | undefined>
  /** Without days the rule is removed. */
  setDays(scope: RetentionScope, days: number | undefined): Promise<void>
  /** Whether there is any rule. */
  hasRules(): Promise<boolean>
  isHeld(scope: HoldScope): Promise<boolean>
  setHold(scope: HoldScope, hold: boolean): Promise<void>
  heldUsers(): Promise<Set<string>>
  /** The room with which the next run begins; empty for the first one. */
  nextRoom(): Promise<string>
  setNextRoom(roomId: string): Promise<void>
}

type PurgeStores = { messages: Log; retention: RetentionStore }
type Stores = PurgeStores & {
  records: RecordStore
  directory: DirectoryStore
  categories: CategoryStore
  clock: Pick<Clock, 'now'>
}

/** The author of the record lines of automatic purges. No user has this id. */
const by = 'system:retention'

const dayMs = 86_400_000

/** The number of messages to read at once while looking for messages of held users. */
const readAhead = 500

/**
 * The time before which messages of a room may be deleted, at most the given one. Undefined for a room under a hold. It
 * is read right before the deletion, so a hold is obeyed by every deletion that begins after it was stored.
 */
export async function deletableBefore(
  { messages, retention }: PurgeStores,
  roomId: string,
  before: number,
): Promise<number | undefined> {
  if (await retention.isHeld({ roomId })) return undefined
  const users = await retention.heldUsers()
  if (users.size === 0) return before
  for (let from = await messages.floor(roomId); ; ) {
    const entries = await messages.read(roomId, from, readAhead)
    const end = entries.find((entry) => entry.sentAt >= before || (entry.from && users.has(entry.from.user)))
    const last = entries.at(-1)
    if (end) return Math.min(before, end.sentAt)
    if (!last || entries.length < readAhead) return before
    from = last.seq + 1
  }
}

/**
 * Deletes the messages that are older than the rules allow, room after room, until a time. A run that ends before all
 * rooms are done is continued by the next one. Returns how many rooms lost messages.
 */
export async function enforceRetention(stores: Stores, until: number): Promise<{ purged: number; complete: boolean }> {
  let purged = 0
  if (!(await stores.retention.hasRules())) return { purged, complete: true }
  const start = await stores.retention.nextRoom()
  for await (const room of allRooms(stores, start)) {
    if (stores.clock.now() >= until) {
      await stores.retention.setNextRoom(room.roomId)
      return { purged, complete: false }
    }
    if (await enforceIn(stores, room, until)) purged++
  }
  if (start !== '') await stores.retention.setNextRoom('')
  return { purged, complete: true }
}

/** Returns whether messages were due. What an earlier run has left below the floor is deleted as well. */
async function enforceIn(stores: Stores, { roomId, categoryId }: KnownRoom, until: number): Promise<boolean> {
  const { messages, records, retention, clock } = stores
  const own = await retention.daysOf({ roomId })
  const days = own ?? (categoryId === undefined ? undefined : await retention.daysOf({ categoryId }))
  if (days === undefined) return false
  const before = await deletableBefore(stores, roomId, clock.now() - days * dayMs)
  if (before === undefined) return false
  const [head, floor] = await Promise.all([messages.head(roomId), messages.floor(roomId)])
  const [oldest] = await messages.read(roomId, floor, 1)
  const isDue = oldest !== undefined && oldest.sentAt < before && oldest.seq < (head?.seq ?? 0)
  if (!isDue && floor === 1) return false
  if (isDue) {
    const details = { before: new Date(before).toISOString(), days }
    await records.add(roomId, { at: clock.now(), event: 'purged', by, details })
  }
  let complete = false
  while (!complete && clock.now() < until) ({ complete } = await purge(messages, roomId, before, clock.now()))
  return isDue
}
