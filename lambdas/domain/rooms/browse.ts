import type { CategoryStore } from '../access/categories.ts'
import type { Caller } from '../access/principals.ts'
import { type Candidate, type Viewer, viewerOf, visibleRooms } from '../access/visibility.ts'
import type { Room } from '../room.ts'
import { textMatcher } from '../text-query.ts'
import type { DirectoryCursor, DirectoryPage, DirectoryQuery } from './directory.ts'
import { type DirectoryStores, type Source, sourceFor } from './directory-sources.ts'
import { idBetween } from './sorted-streams.ts'

/**
 * A page of the directory, sorted by room id. Ids never change, so a room that exists during the whole listing comes
 * exactly once, even if rooms are renamed, moved, opened or closed between two pages.
 */
export async function browse(
  stores: DirectoryStores & { categories: CategoryStore },
  caller: Caller,
  query: DirectoryQuery,
  cursor: DirectoryCursor,
  limit: number,
  now: number,
): Promise<DirectoryPage> {
  const viewer = await viewerOf(stores.categories, caller)
  const source = await sourceFor(stores, viewer, caller, query, cursor, limit, now)
  const page = await pageOf(stores, viewer, source, query, limit)
  const { last } = source
  return { rooms: page.rooms, ...(page.from !== undefined && { next: { from: page.from, last } }), last }
}

async function pageOf(
  stores: DirectoryStores,
  viewer: Viewer,
  { candidates, required, most: maxExamined, confirm }: Source,
  query: DirectoryQuery,
  limit: number,
): Promise<{ rooms: Room[]; from?: string }> {
  const matchesQuery = roomFilter(query)
  const mayBeVisible = (copy: Room | undefined, holds: boolean) =>
    !copy || (matchesQuery(copy) && (viewer.admin || holds || (copy.privacy !== 'secret' && !copy.disabled)))
  const rooms: Room[] = []
  let batch: Candidate[] = []
  const checkBatch = async () => {
    const visible = await visibleRooms(stores.directory, viewer, batch, required)
    batch = []
    rooms.push(...(await confirm(visible.filter(matchesQuery))))
  }
  let examined = 0
  let last = ''
  let from: string | undefined
  for await (const { copy, ...candidate } of candidates) {
    if (examined === maxExamined) {
      from = idBetween(last, candidate.roomId)
      break
    }
    examined++
    last = candidate.roomId
    if (mayBeVisible(copy, candidate.holdings === undefined || candidate.holdings.length > 0)) batch.push(candidate)
    if (rooms.length + batch.length > limit) await checkBatch()
    if (rooms.length > limit) break
  }
  await checkBatch()
  return cutPage(rooms, limit) ?? { rooms, ...(from !== undefined && { from }) }
}

/** One more room than the page holds is searched, so a cursor is returned only if the next page has rooms. */
function cutPage(rooms: Room[], limit: number): { rooms: Room[]; from: string } | undefined {
  const [end, next] = [rooms[limit - 1], rooms[limit]]
  return end && next && { rooms: rooms.slice(0, limit), from: idBetween(end.roomId, next.roomId) }
}

function roomFilter({
  criteria,
  categoryId,
  privacy,
  auditorium,
  disabled = false,
}: DirectoryQuery): (room: Room) => boolean {
  const matches = criteria && textMatcher({ ...criteria, matchCase: false })
  return (room) =>
    room.disabled === disabled &&
    (privacy ?? room.privacy) === room.privacy &&
    (auditorium ?? room.auditorium) === room.auditorium &&
    (categoryId ?? room.categoryId) === room.categoryId &&
    // A search text has no line break, so a phrase never matches across name and description.
    (!matches || matches(criteria.inDescription ? `${room.name}\n${room.description}` : room.name))
}
