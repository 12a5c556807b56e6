import { limits } from '../../protocol/limits.ts'
import type { MessageFrame } from '../../protocol/wire.ts'
import type { LogPage } from '../domain/log/pages.ts'
import { messageFrame } from './encode.ts'

/** Room for the reply's own words: the id, the error-free shell, the numbers of the page. */
const shellBytes = 512

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/**
 * As many items as fit into the bytes, taken from one end and kept in order: a reply is one frame, and a reader pages
 * on from whichever end was cut.
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

/** As many items, from the first on, as fit into one frame beside the rest of a reply. */
export const fittingBeside = <Item>(rest: object, items: readonly Item[]): Item[] =>
  fitInFrame(items, limits.frameBytes - shellBytes - bytesOf(rest), 'oldest')

/** What of a page fits beside the rest of its reply. */
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
