import { limits } from '../../protocol/limits.ts'
import type { MessageFrame } from '../../protocol/wire.ts'
import type { LogPage } from '../domain/log/pages.ts'
import type { Paging } from './cursor.ts'
import { messageFrame } from './encode.ts'

/** Bytes for the other fields of a reply: the id and the numbers of the page. */
const shellBytes = 512

/** Bytes for a cursor and the fields beside the list. */
const pageShellBytes = 2048

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/**
 * Returns the items that fit into the bytes, taken from one end. The order stays. A reply is one frame, and the reader
 * gets the other items with the next page.
 */
export function fitInFrame<Item>(items: readonly Item[], bytes: number, keep: 'oldest' | 'newest'): Item[] {
  const kept: Item[] = []
  let left = bytes
  for (const item of keep === 'oldest' ? items : items.toReversed()) {
    left -= bytesOf(item) + 1
    if (left < 0) break
    kept.push(item)
  }
  return keep === 'oldest' ? kept : kept.reverse()
}

/**
 * A list to be split into pages: `id` sorts the items and is their name in cursors; `encode` makes the frame of an
 * item.
 */
interface Listing<Item, Frame> {
  items: readonly Item[]
  id: (item: Item) => string
  encode: (item: Item) => Frame
  paging: Paging
}

/**
 * The page after the cursor, sorted by id, with as many items as fit into one frame. It has a cursor if more items
 * follow.
 */
export function pageOf<Item, Frame>({
  items,
  id,
  encode,
  paging: { start, cursorAt },
}: Listing<Item, Frame>): {
  page: Frame[]
  cursor?: string
} {
  const after = String(start ?? '')
  const following = items.filter((item) => id(item) > after).sort((a, b) => (id(a) < id(b) ? -1 : 1))
  const page = fitInFrame(following.map(encode), limits.frameBytes - pageShellBytes, 'oldest')
  const last = following[page.length - 1]
  return { page, ...(page.length < following.length && last && { cursor: cursorAt(id(last)) }) }
}

/** The first items that fit into one frame beside the rest of a reply. */
export const fittingBeside = <Item>(rest: object, items: readonly Item[]): Item[] =>
  fitInFrame(items, limits.frameBytes - shellBytes - bytesOf(rest), 'oldest')

/** The messages of a page that fit beside the rest of the reply. */
export function messagesThatFit(
  rest: object,
  roomId: string,
  page: LogPage,
  keep: 'oldest' | 'newest',
): { messages: MessageFrame[]; complete: boolean } {
  const frames = page.entries.map((entry) => messageFrame(roomId, entry))
  const messages = fitInFrame(frames, limits.frameBytes - shellBytes - bytesOf(rest), keep)
  return { messages, complete: page.complete && messages.length === frames.length }
}
