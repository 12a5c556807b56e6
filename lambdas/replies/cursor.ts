import { createHmac, timingSafeEqual } from 'node:crypto'
import { BadFrame } from '../../protocol/parse.ts'

export type Position = string | number

/** The place in a list where a request starts, and the cursors for its reply. */
export interface Paging {
  /** The position in the cursor of the request. Undefined at the start of the list. */
  start: Position | undefined
  cursorAt(position: Position): string
}

/** The verb of a request and all its fields that select or sort the list. */
export type ListQuery = readonly (string | boolean | undefined)[]

/** Long enough that no client finds a valid seal by trying. */
const sealBytes = 16

/**
 * Opens the cursor of a request. A cursor is sealed with a key of the deployment, together with the user and the whole
 * query. Throws `BadFrame` for a cursor that no reply to this user and this query contained. A verb calls it before it
 * asks any store.
 */
export async function pagingOf(
  app: { cursorKey: () => Promise<Uint8Array> },
  caller: { user: string },
  query: ListQuery,
  cursor: string | undefined,
): Promise<Paging> {
  const key = await app.cursorKey()
  const seal = (position: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([caller.user, query, position]))
      .digest()
      .subarray(0, sealBytes)
  const cursorAt = (position: Position) => {
    const text = JSON.stringify(position)
    return Buffer.concat([seal(text), Buffer.from(text)]).toString('base64url')
  }
  if (cursor === undefined) return { start: undefined, cursorAt }
  const bytes = Buffer.from(cursor, 'base64url')
  const text = bytes.subarray(sealBytes).toString()
  const given = bytes.subarray(0, sealBytes)
  if (given.length < sealBytes || !timingSafeEqual(given, seal(text))) throw badCursor()
  return { start: positionIn(text), cursorAt }
}

function positionIn(text: string): Position {
  const position: unknown = JSON.parse(text)
  if (typeof position === 'string' || typeof position === 'number') return position
  throw badCursor()
}

export const badCursor = () => new BadFrame('cursor belongs to another question, or to none.', 'cursor')
