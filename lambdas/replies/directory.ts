import { limits } from '../../protocol/limits.ts'
import type { RoomCard } from '../../protocol/wire.ts'
import type { CategoryStore } from '../domain/access/categories.ts'
import type { Caller } from '../domain/access/principals.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { browse } from '../domain/rooms/browse.ts'
import type { DirectoryCursor, DirectoryPage, DirectoryQuery } from '../domain/rooms/directory.ts'
import type { DirectoryStores } from '../domain/rooms/directory-sources.ts'
import { idBetween } from '../domain/rooms/sorted-streams.ts'
import { badCursor, type ListQuery, type Paging, type Position } from './cursor.ts'
import { roomCard } from './encode.ts'
import { fitInFrame } from './page.ts'

interface Directory extends DirectoryStores {
  categories: CategoryStore
  clock: Clock & Random
  settings: { domain: string }
}

/** In a larger room, the reply has the number of users counted so far, with `atLeast`. */
const maxCounted = 500

/** The longest values of the count, so that the size of a card is known before the room is counted. */
const longestCount = { participantCount: maxCounted, atLeast: true }

const shellBytes = 2048

/** One page of the directory. Only rooms that fit into the frame are counted. */
export async function directoryPage(
  app: Directory,
  caller: Caller,
  query: DirectoryQuery,
  limit: number,
  paging: Paging,
) {
  const start = paging.start === undefined ? { from: '' } : placeIn(paging.start)
  const { rooms, next, last } = await browse(app, caller, query, start, limit, app.clock.now())
  const cards = rooms.map((room) => ({ ...roomCard(app.settings.domain, room), ...longestCount }))
  const fitting = fitInFrame(cards, limits.frameBytes - shellBytes, 'oldest')
  const more = fitting.length < cards.length ? cursorAfter(fitting, cards, last) : next
  await countParticipants(app, fitting)
  return {
    rooms: fitting.map(withoutZero),
    ...(more && { cursor: paging.cursorAt(`${more.last ?? ''}/${more.from}`) }),
    ...(last !== undefined && { last }),
  }
}

type Card = RoomCard & typeof longestCount

function cursorAfter(
  fitting: readonly Card[],
  cards: readonly Card[],
  last: DirectoryPage['last'],
): DirectoryCursor | undefined {
  const [end, next] = [fitting.at(-1), cards[fitting.length]]
  return end && next && { from: idBetween(end.roomId, next.roomId), last }
}

async function countParticipants({ directory }: Directory, cards: readonly Card[]): Promise<void> {
  await forEachConcurrent(cards, async (card) => {
    const { users, more } = await directory.attendance(card.roomId, maxCounted)
    card.participantCount = users
    card.atLeast = more
  })
}

const withoutZero = ({ atLeast, ...card }: Card) => ({ ...card, ...(atLeast && { atLeast }) })

/** A whole query, so that a cursor is valid only for the same query. */
export const directoryQuery = (query: DirectoryQuery): ListQuery => ['browse', JSON.stringify(query)]

function placeIn(position: Position): DirectoryCursor {
  const [, last, from] = /^(\d{0,15})\/(.*)$/su.exec(String(position)) ?? []
  if (from === undefined) throw badCursor()
  return { from, ...(last && { last: Number(last) }) }
}
