import { BadFrame } from '../../protocol/parse.ts'

/** A cursor: a position in a list. It is opaque to clients and valid only for the same query. */
export const cursorFor = (query: string, position: string | number): string =>
  Buffer.from(JSON.stringify([query, position])).toString('base64url')

/** Returns the position in a cursor. Throws `BadFrame` if the cursor belongs to another query. */
export function readCursor(cursor: string, query: string): string | number {
  const [cursorQuery, position] = parse(cursor)
  if (cursorQuery !== query || !(typeof position === 'string' || Number.isSafeInteger(position))) {
    throw new BadFrame('cursor belongs to another question, or to none.', 'cursor')
  }
  return position as string | number
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
