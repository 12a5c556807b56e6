import { type ListQuery, type Paging, pagingOf } from '../../../lambdas/replies/cursor.ts'

export const cursorKey = async () => Buffer.from('the key of a deployment in memory')

/** The paging of a request with this cursor. */
export const pagingAt = (cursor?: string, query: ListQuery = ['test'], user = 'ana'): Promise<Paging> =>
  pagingOf({ cursorKey }, { user }, query, cursor)
