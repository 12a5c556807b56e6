import type { CategoryStore } from '../access/categories.ts'
import type { Caller } from '../access/principals.ts'
import { type Candidate, type Viewer, viewerOf, visibleRooms } from '../access/visibility.ts'
import type { Room } from '../room.ts'
import { textMatcher } from '../text-query.ts'
import type { DirectoryCursor, DirectoryPage, DirectoryQuery } from './directory.ts'
import { type DirectoryStores, type Source, sourceFor } from './directory-sources.ts'
import { idBetween } from './sorted-streams.ts'

/**
 * A page of the directory in the order of room ids, which never change: whatever is renamed, moved, opened or closed
 * between two pages, a room that is there throughout comes exactly once.
 */
export async function browse(
  stores: DirectoryStores & { categories: CategoryStore },
  caller: Caller,
  question: DirectoryQuery,
  place: DirectoryCursor,
  limit: number,
  now: number,
): Promise<DirectoryPage> {
  const viewer = await viewerOf(stores.categories, caller)
  const source = await sourceFor(stores, viewer, caller, question, place, limit, now)
  const page = await pageOf(stores, viewer, source, question, limit)
  const { last } = source
  return { rooms: page.rooms, ...(page.from !== undefined && { next: { from: page.from, last } }), last }
}

async function pageOf(
  stores: DirectoryStores,
  viewer: Viewer,
  { candidates, role, most, confirm }: Source,
  question: DirectoryQuery,
  limit: number,
): Promise<{ rooms: Room[]; from?: string }> {
  const fits = roomFilter(question)
  const shows = (copy: Room | undefined, holds: boolean) =>
    !copy || (fits(copy) && (viewer.admin || holds || (copy.privacy !== 'secret' && !copy.disabled)))
  const rooms: Room[] = []
  let batch: Candidate[] = []
  const settle = async () => {
    const visible = await visibleRooms(stores.directory, viewer, batch, role)
    batch = []
    rooms.push(...(await confirm(visible.filter(fits))))
  }
  let examined = 0
  let last = ''
  let from: string | undefined
  for await (const { copy, ...candidate } of candidates) {
    if (examined === most) {
      from = idBetween(last, candidate.roomId)
      break
    }
    examined++
    last = candidate.roomId
    if (shows(copy, candidate.holdings === undefined || candidate.holdings.length > 0)) batch.push(candidate)
    if (rooms.length + batch.length > limit) await settle()
    if (rooms.length > limit) break
  }
  await settle()
  return cutPage(rooms, limit) ?? { rooms, ...(from !== undefined && { from }) }
}

/** One room more than the page holds is looked for: so a next page is promised only where it shows something. */
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
    // No text that is looked for holds the line break, so a phrase never begins in the one and ends in the other.
    (!matches || matches(criteria.inDescription ? `${room.name}\n${room.description}` : room.name))
}
