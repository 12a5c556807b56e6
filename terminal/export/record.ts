import {
  type ChatClient,
  ChatError,
  type Clock,
  ConnectionError,
  type RecordEntry,
  type RecordQuery,
} from '../../client/index.ts'
import { Failure } from '../command/failure.ts'
import { pause } from '../pause.ts'

/** How often a page is requested. Each time the client itself sends up to five requests. */
const maxRounds = 10
const longestMs = 30_000

/** The pages of a record, in order, each once. A request that may succeed later is repeated after a wait. */
export async function* recordPages(
  client: Pick<ChatClient, 'recordPage'>,
  clock: Clock,
  query: RecordQuery,
): AsyncGenerator<RecordEntry[]> {
  let cursor: string | undefined
  do {
    const { entries, cursor: next } = await withRetries(clock, () => client.recordPage({ ...query, cursor }))
    yield entries
    if (next !== undefined && next === cursor)
      throw new Failure('The server returned the same page of the record twice.')
    cursor = next
  } while (cursor !== undefined)
}

async function withRetries<Reply>(clock: Clock, request: () => Promise<Reply>): Promise<Reply> {
  for (let round = 1; ; round++) {
    try {
      return await request()
    } catch (error) {
      if (round === maxRounds || !maySucceed(error)) throw error
      const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined
      await pause(clock, retryAfterMs ?? Math.min(1000 * 2 ** (round - 1), longestMs))
    }
  }
}

/** After other connection errors there will be no connection. */
const maySucceed = (error: unknown): boolean =>
  error instanceof ChatError ? error.retryable : error instanceof ConnectionError && error.code === 'unanswered'
