import { type CategoryStore, listCategories } from '../access/categories.ts'
import { deletedRooms, type RecordStore } from '../record/record.ts'
import type { DirectoryStore } from './directory.ts'
import { mergeById } from './sorted-streams.ts'

/** Rooms of a category to read at a time. */
const readAhead = 100

/** Lines of the record to read at a time. */
const linesAhead = 100

export interface KnownRoom {
  roomId: string
  /** Undefined for a deleted room whose category was not recorded. */
  categoryId?: string
}

/** All rooms from `from` on, by id: those that exist, and those whose deletion was recorded. Each comes once. */
export async function* allRooms(
  stores: { directory: DirectoryStore; categories: CategoryStore; records: RecordStore },
  from: string,
): AsyncGenerator<KnownRoom> {
  const categories = await listCategories(stores.categories)
  const existing = categories.map(({ categoryId }) => stores.directory.inCategory(categoryId, from, readAhead))
  let last: string | undefined
  for await (const { roomId, categoryId } of mergeById<KnownRoom>([...existing, deletedFrom(stores.records, from)])) {
    if (roomId !== last) yield { roomId, ...(categoryId !== undefined && { categoryId }) }
    last = roomId
  }
}

async function* deletedFrom(records: RecordStore, from: string): AsyncGenerator<KnownRoom> {
  const span = { from: 0, to: Number.MAX_SAFE_INTEGER }
  const deleted: KnownRoom[] = []
  let behind: string | undefined = ''
  while (behind !== undefined) {
    const lines = await records.read(deletedRooms, span, behind, linesAhead)
    for (const { details: { roomId, categoryId } = {} } of lines) {
      deleted.push({ roomId: String(roomId), ...(typeof categoryId === 'string' && { categoryId }) })
    }
    behind = lines.length === linesAhead ? lines.at(-1)?.place : undefined
  }
  const remaining = deleted.filter(({ roomId }) => roomId >= from)
  for (const room of remaining.sort((a, b) => (a.roomId < b.roomId ? -1 : 1))) yield room
}
