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

/** How often a page is asked for. Each time the client itself asks up to five times. */
const mostRounds = 10
const longestMs = 30_000

/** The pages of a record, in its order, each once. A request that may succeed later is asked again after a wait. */
export async function* recordPages(
  client: Pick<ChatClient, 'recordPage'>,
  clock: Clock,
  question: RecordQuery,
): AsyncGenerator<RecordEntry[]> {
  let cursor: string | undefined
  do {
    const { entries, cursor: next } = await withRetries(clock, () => client.recordPage({ ...question, cursor }))
    yield entries
    if (next !== undefined && next === cursor) throw new Failure('The record does not go on behind this place.')
    cursor = next
  } while (cursor !== undefined)
}

async function withRetries<Answer>(clock: Clock, ask: () => Promise<Answer>): Promise<Answer> {
  for (let round = 1; ; round++) {
    try {
      return await ask()
    } catch (error) {
      if (round === mostRounds || !maySucceed(error)) throw error
      const asked = error instanceof ChatError ? error.retryAfterMs : undefined
      await pause(clock, asked ?? Math.min(1000 * 2 ** (round - 1), longestMs))
    }
  }
}

/** Other connection errors say that there is no connection to wait for. */
const maySucceed = (error: unknown): boolean =>
  error instanceof ChatError ? error.retryable : error instanceof ConnectionError && error.code === 'unanswered'
