import { BadFrame } from '../../protocol/parse.ts'

/** A place in a list, opaque to clients and good for the same question only. */
export const cursorFor = (question: string, place: string | number): string =>
  Buffer.from(JSON.stringify([question, place])).toString('base64url')

/** The place that a cursor of this question stands for. */
export function readCursor(cursor: string, question: string): string | number {
  const [asked, place] = parse(cursor)
  if (asked !== question || !(typeof place === 'string' || Number.isSafeInteger(place))) {
    throw new BadFrame('cursor belongs to another question, or to none.', 'cursor')
  }
  return place as string | number
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
