import type { Entry } from '../../lambdas/domain/log/entry.ts'
import type { AppendLog } from '../../lambdas/domain/log/log.ts'
import type { VirtualTime } from './virtual-time.ts'

/** How the log of a room is kept in two Regions. */
export const modes = ['one home', 'eventual', 'strong'] as const
export type Mode = (typeof modes)[number]

/** Milliseconds. */
export interface Distances {
  /** A call of a table in the same Region, there and back. */
  near: number
  /** From one Region to the other and back. */
  between: number
  /** Until an eventual replica has what was written in the other Region. */
  replication: number
}

interface Row {
  entry: Entry
  writtenAt: number
  region: number
}

/** Messages of one room in the tables of two Regions. */
export interface Replicas {
  /** The log as a function in this Region calls it. */
  logIn(region: number): AppendLog
  /** What every Region has in the end. */
  final(): ReadonlyMap<number, Entry>
  /** Writes that met another Region's write of the same item, and were made again. */
  readonly conflicts: number
}

/** Entries of one copy, by position. The first position opens the log. */
const newCopy = (): Map<number, Row> => new Map([[0, { entry: { seq: 0, sentAt: 0 }, writtenAt: 0, region: 0 }]])

const readsOf = (copy: Map<number, Row>, time: VirtualTime, ms: number): Omit<AppendLog, 'put'> => {
  const head = () => Math.max(...copy.keys())
  return {
    async read(_, from, limit) {
      await time.sleep(ms)
      const found: Entry[] = []
      for (let seq = from; seq <= head() && found.length < limit; seq++) {
        const row = copy.get(seq)
        if (row) found.push(row.entry)
      }
      return found
    },
    async head() {
      await time.sleep(ms)
      return copy.get(head())?.entry
    },
    async floor() {
      await time.sleep(ms)
      return 1
    },
    digest: ({ text }) => text,
  }
}

/** DynamoDB executes a write in the middle of its call. */
const half = 2

/** All Regions use the table of the first one: a room has one home. */
export function oneHome(time: VirtualTime, { near, between }: Distances): Replicas {
  const copy = newCopy()
  return {
    conflicts: 0,
    final: () => new Map([...copy].map(([seq, { entry }]) => [seq, entry])),
    logIn(region) {
      const ms = near + (region === 0 ? 0 : between)
      return {
        ...readsOf(copy, time, ms),
        async put(_, entry) {
          await time.sleep(ms / half)
          const found = copy.get(entry.seq)
          if (!found) copy.set(entry.seq, { entry, writtenAt: time.now(), region })
          await time.sleep(ms / half)
          return found?.entry ?? 'stored'
        },
      }
    },
  }
}

/** A condition looks at the Region's own copy. Of two writes of one item the later one wins, in every Region. */
export function eventual(time: VirtualTime, { near, replication }: Distances): Replicas {
  const copies = [newCopy(), newCopy()] as const
  const replicate = async (to: Map<number, Row>, row: Row) => {
    await time.sleep(replication)
    const there = to.get(row.entry.seq)
    const isLater =
      !there || row.writtenAt > there.writtenAt || (row.writtenAt === there.writtenAt && row.region > there.region)
    if (isLater) to.set(row.entry.seq, row)
  }
  return {
    conflicts: 0,
    final: () => new Map([...copies[0]].map(([seq, { entry }]) => [seq, entry])),
    logIn(region) {
      const [own, other] = region === 0 ? copies : [copies[1], copies[0]]
      return {
        ...readsOf(own, time, near),
        async put(_, entry) {
          await time.sleep(near / half)
          const found = own.get(entry.seq)
          if (!found) {
            const row = { entry, writtenAt: time.now(), region }
            own.set(entry.seq, row)
            void replicate(other, row)
          }
          await time.sleep(near / half)
          return found?.entry ?? 'stored'
        },
      }
    },
  }
}

/**
 * A write returns when another Region has it, and its condition sees the latest value. A write of an item that another
 * Region is just writing is refused, and the SDK makes it again.
 */
export function strong(time: VirtualTime, { near, between }: Distances): Replicas {
  const copy = newCopy()
  const writing = new Map<number, number>()
  const counted = { conflicts: 0 }
  const ms = near + between
  return {
    get conflicts() {
      return counted.conflicts
    },
    final: () => new Map([...copy].map(([seq, { entry }]) => [seq, entry])),
    logIn(region) {
      const put: AppendLog['put'] = async (roomId, entry) => {
        const other = writing.get(entry.seq)
        if (other !== undefined && other !== region) {
          counted.conflicts++
          await time.sleep(ms)
          return put(roomId, entry)
        }
        writing.set(entry.seq, region)
        await time.sleep(ms / half)
        const found = copy.get(entry.seq)
        if (!found) copy.set(entry.seq, { entry, writtenAt: time.now(), region })
        await time.sleep(ms / half)
        writing.delete(entry.seq)
        return found?.entry ?? 'stored'
      }
      return { ...readsOf(copy, time, ms), put }
    },
  }
}

export const replicasIn: Readonly<Record<Mode, (time: VirtualTime, distances: Distances) => Replicas>> = {
  'one home': oneHome,
  eventual,
  strong,
}
