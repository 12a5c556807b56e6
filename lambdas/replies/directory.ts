import { createHash } from 'node:crypto'
import { limits } from '../../protocol/limits.ts'
import { BadFrame } from '../../protocol/parse.ts'
import type { RoomCard } from '../../protocol/wire.ts'
import type { CategoryStore } from '../domain/access/categories.ts'
import type { Caller } from '../domain/access/principals.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { browse } from '../domain/rooms/browse.ts'
import type { DirectoryCursor, DirectoryPage, DirectoryQuery } from '../domain/rooms/directory.ts'
import type { DirectoryStores } from '../domain/rooms/directory-sources.ts'
import { idBetween } from '../domain/rooms/sorted-streams.ts'
import { cursorFor, readCursor } from './cursor.ts'
import { roomCard } from './encode.ts'
import { fitInFrame } from './page.ts'

interface Directory extends DirectoryStores {
  categories: CategoryStore
  clock: Clock & Random
  settings: { domain: string }
}

/** Of a larger room it is said that there are at least as many as were counted so far. */
const mostCounted = 500

/** What is added to each card once its room is counted. */
const counted = { participantCount: mostCounted, atLeast: true }

const shellBytes = 2048

/** One frame of the directory: rooms are counted only when it is settled that they fit. */
export async function directoryPage(
  app: Directory,
  caller: Caller,
  { cursor, limit, ...question }: DirectoryQuery & { cursor?: string | undefined; limit: number },
) {
  const asked = `browse ${digest(caller.user, question)}`
  const place = cursor === undefined ? { from: '' } : cursorOf(cursor, asked)
  const { rooms, next, last } = await browse(app, caller, question, place, limit, app.clock.now())
  const cards = rooms.map((room) => ({ ...roomCard(app.settings.domain, room), ...counted }))
  const kept = fitInFrame(cards, limits.frameBytes - shellBytes, 'oldest')
  const more = kept.length < cards.length ? placeBehind(kept, cards, last) : next
  await countParticipants(app, kept)
  return {
    rooms: kept.map(withoutZero),
    ...(more && { cursor: cursorFor(asked, `${more.last ?? ''}/${more.from}`) }),
    ...(last !== undefined && { last }),
  }
}

type Card = RoomCard & typeof counted

function placeBehind(
  kept: readonly Card[],
  cards: readonly Card[],
  last: DirectoryPage['last'],
): DirectoryCursor | undefined {
  const [end, next] = [kept.at(-1), cards[kept.length]]
  return end && next && { from: idBetween(end.roomId, next.roomId), last }
}

async function countParticipants({ directory }: Directory, cards: readonly Card[]): Promise<void> {
  await forEachConcurrent(cards, async (card) => {
    const { users, more } = await directory.attendance(card.roomId, mostCounted)
    card.participantCount = users
    card.atLeast = more
  })
}

const withoutZero = ({ atLeast, ...card }: Card) => ({ ...card, ...(atLeast && { atLeast }) })

/** A cursor has no room for everything that may be asked. */
const digest = (user: string, question: DirectoryQuery) =>
  createHash('sha256')
    .update(JSON.stringify([user, question]))
    .digest('base64url')
    .slice(0, 22)

function cursorOf(cursor: string, asked: string): DirectoryCursor {
  const [, last, from] = /^(\d{0,15})\/(.*)$/su.exec(String(readCursor(cursor, asked))) ?? []
  if (from === undefined) throw new BadFrame('cursor names no place.', 'cursor')
  return { from, ...(last && { last: Number(last) }) }
}
