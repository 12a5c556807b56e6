import type { Caller } from '../access/principals.ts'
import { forEachConcurrent } from '../concurrency.ts'
import type { Log } from '../log/log.ts'
import { findReaders, type ReaderStores } from './reader.ts'

type Stores = ReaderStores & { messages: Pick<Log, 'head' | 'floor'> }

export interface LogSpan {
  head: number
  floor: number
}

/**
 * The logs whose newest position differs from the one that the caller has seen, of the rooms that the caller may read.
 * The log of a room that is not joined is read after the rights: otherwise the time of the reply would show whether the
 * room exists.
 */
export async function movedRooms(
  stores: Stores,
  seen: Readonly<Record<string, number>>,
  joined: readonly string[],
  connectionId: string,
  caller: Caller,
): Promise<Map<string, LogSpan>> {
  const [known, others] = [new Set(joined), Object.keys(seen).filter((roomId) => !joined.includes(roomId))]
  const heads = new Map<string, number>()
  const readHeads = (roomIds: string[]) =>
    forEachConcurrent(roomIds, async (roomId) => {
      const head = (await stores.messages.head(roomId))?.seq
      if (head !== undefined && head !== seen[roomId]) heads.set(roomId, head)
    })
  await readHeads(Object.keys(seen).filter((roomId) => known.has(roomId)))
  const readers = await findReaders(stores, [...heads.keys(), ...others], joined, connectionId, caller)
  await readHeads(others.filter((roomId) => readers.has(roomId)))
  const spans = new Map<string, LogSpan>()
  await forEachConcurrent(readers.values(), async ({ roomId, logged }) => {
    const head = heads.get(roomId)
    if (head === undefined) return
    spans.set(roomId, { head, floor: logged ? await stores.messages.floor(roomId) : head + 1 })
  })
  return spans
}
