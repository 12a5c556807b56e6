import type { CategoryStore } from '../access/categories.ts'
import { userPrincipal } from '../access/principals.ts'
import type { GrantStore } from '../access/roles.ts'
import type { Clock, Random } from '../clock.ts'
import { forEachConcurrent } from '../concurrency.ts'
import type { Entry } from '../log/entry.ts'
import type { Log } from '../log/log.ts'
import { appendRemoval } from '../log/removals.ts'
import type { Metrics } from '../metrics.ts'
import type { ProfileStore } from '../people/profiles.ts'
import { erasures, type RecordStore } from '../record/record.ts'
import { allRooms } from './all-rooms.ts'
import type { DirectoryStore } from './directory.ts'
import type { RetentionStore } from './retention.ts'

/** The erasure of a user, with its progress. */
export interface ErasureJob {
  user: string
  /** Whether the messages are removed, or kept under another name. */
  messages: 'remove' | 'keep'
  /** The administrator. */
  by: string
  /** Milliseconds since 1970. */
  startedAt: number
  /** The last time at which the job wrote its progress, in milliseconds since 1970. */
  runAt: number
  done: boolean
  /** The room with which the job goes on; empty for the first one. */
  next: string
  /** Rooms in which messages were changed, these messages, the roles that were revoked, and rooms under a legal hold. */
  rooms: number
  changed: number
  revoked: number
  held: number
}

export interface ErasureStore {
  find(user: string): Promise<ErasureJob | undefined>
  put(job: ErasureJob): Promise<void>
  /** The jobs that are not done. */
  running(): Promise<ErasureJob[]>
}

/** Runs the erasure of a user that is stored. */
export interface JobOrder {
  erase: string
}

/** Starts jobs that run after the call that starts them. */
export interface JobQueue {
  start(order: JobOrder): Promise<void>
}

export interface ErasureStores {
  erasures: ErasureStore
  messages: Log
  records: RecordStore
  roles: GrantStore
  people: ProfileStore
  directory: DirectoryStore
  categories: CategoryStore
  retention: Pick<RetentionStore, 'isHeld'>
  metrics?: Metrics
  clock: Clock & Random
}

/** The name under which messages of an erased user are shown. */
export const deletedName = 'Deleted user'

/** Lines of the ledger to read at a time. */
const ledgerAhead = 100

/** Messages to read at a time. */
const readAhead = 500

export const newErasure = (user: string, messages: ErasureJob['messages'], by: string, now: number): ErasureJob => ({
  user,
  messages,
  by,
  startedAt: now,
  runAt: now,
  done: false,
  next: '',
  rooms: 0,
  changed: 0,
  revoked: 0,
  held: 0,
})

/** Adds an erasure to the ledger, from which it is repeated after a restore. */
export const toLedger = (records: RecordStore, { user, messages, by, startedAt }: ErasureJob): Promise<void> =>
  records.add(erasures, { at: startedAt, event: 'erased', by, details: { user, messages } })

/**
 * Continues a job until a time. It may be interrupted at any moment and repeated: erased messages are recognised.
 * All rooms are read, also those that the user may not join any more, so no trace of the rooms is needed.
 */
export async function runErasure(stores: ErasureStores, job: ErasureJob, until: number): Promise<ErasureJob> {
  let current = job
  const save = async (changes: Partial<ErasureJob>) => {
    current = { ...current, ...changes, runAt: stores.clock.now() }
    await stores.erasures.put(current)
  }
  if (job.next === '') {
    await save({ revoked: job.revoked + (await revokeAll(stores, job.user)) })
    await stores.people.forget(job.user)
  }
  for await (const { roomId } of allRooms(stores, job.next)) {
    if (stores.clock.now() >= until) {
      await save({ next: roomId })
      return current
    }
    const own = await messagesOf(stores.messages, roomId, current)
    if (own.length === 0) continue
    if (await stores.retention.isHeld({ roomId })) await save({ next: roomId, held: current.held + 1 })
    else {
      await eraseIn(stores, roomId, current, own)
      await save({ next: roomId, rooms: current.rooms + 1, changed: current.changed + own.length })
    }
  }
  await save({ done: true })
  return current
}

async function revokeAll({ directory, roles }: ErasureStores, user: string): Promise<number> {
  const principal = userPrincipal(user)
  let revoked = 0
  for await (const { roomId, role } of directory.holdings(principal, '')) {
    revoked += (await roles.revoke(roomId, role, [principal])).length
  }
  return revoked
}

/** The entry that hides the messages is stored before they are changed, as in every removal. */
async function eraseIn(
  { messages, clock, metrics }: ErasureStores,
  roomId: string,
  job: ErasureJob,
  own: readonly number[],
): Promise<void> {
  const upTo = own.at(-1) ?? 0
  const removes = job.messages === 'remove'
  if (removes) {
    const by = { user: job.by, name: job.by }
    await appendRemoval(messages, clock, roomId, { by, removes: [], removesOf: job.user, upTo }, undefined, metrics)
  }
  const removed = removes ? { by: job.by, at: clock.now() } : undefined
  await forEachConcurrent(own, async (seq) => {
    await messages.disown(roomId, seq, deletedName, removed)
  })
}

/** The positions of the messages that still have the name of the user, or a body that is to be removed. */
async function messagesOf(messages: Log, roomId: string, { user, messages: kind }: ErasureJob): Promise<number[]> {
  const own: number[] = []
  const isOwn = ({ seq, from, removes, removed }: Entry) =>
    seq > 0 &&
    from?.user === user &&
    removes === undefined &&
    (from.name !== deletedName || (kind === 'remove' && removed === undefined))
  for (let from = await messages.floor(roomId); ; ) {
    const entries = await messages.read(roomId, from, readAhead)
    own.push(...entries.filter(isOwn).map(({ seq }) => seq))
    const last = entries.at(-1)
    if (!last || entries.length < readAhead) return own
    from = last.seq + 1
  }
}

/** A job that has not written its progress for this long is started again, in milliseconds. */
const silentMs = 20 * 60_000

export const isSilent = ({ done, runAt }: ErasureJob, now: number): boolean => !done && now - runAt > silentMs

/** Repeats every erasure of the ledger, after a restore. Returns how many there are. */
export async function replayErasures(stores: ErasureStores, until: number): Promise<number> {
  let repeated = 0
  let behind: string | undefined = ''
  while (behind !== undefined) {
    const lines = await stores.records.read(erasures, { from: 0, to: Number.MAX_SAFE_INTEGER }, behind, ledgerAhead)
    for (const { by, details: { user, messages } = {} } of lines) {
      const kind = messages === 'keep' ? 'keep' : 'remove'
      const job = newErasure(String(user), kind, by, stores.clock.now())
      await stores.erasures.put(job)
      await runErasure(stores, job, until)
      repeated++
    }
    behind = lines.length === ledgerAhead ? lines.at(-1)?.place : undefined
  }
  return repeated
}
