import { ChatClient, ChatError, type Clock, ConnectionError } from '../../client/index.ts'
import { codeOf, Failure } from '../../commands/failure.ts'

/** One entry of the compliance record. */
export interface RecordEntry {
  /** RFC 3339. */
  at: string
  event: string
  /** A user's id. */
  by: string
  details?: Record<string, unknown>
}

export interface RecordQuestion {
  roomId: string
  /** RFC 3339, both included. */
  from?: string | undefined
  to?: string | undefined
}

interface RecordPage {
  entries: RecordEntry[]
  cursor?: string
}

declare module '../../client/requests.ts' {
  interface Replies {
    record: RecordPage
  }
}

/** A client that reads the record, for administrators. */
export class RecordClient extends ChatClient {
  record(question: RecordQuestion & { cursor?: string }): Promise<RecordPage> {
    return this.ask('record', question, true)
  }
}

/** The client asks each time as often as it does for everything; so often it is asked to begin again. */
const mostRounds = 10
const longestMs = 30_000

/** The pages of a record, in its order, each once. What may succeed later is asked for again, after a while. */
export async function* recordPages(
  client: Pick<RecordClient, 'record'>,
  clock: Clock,
  question: RecordQuestion,
): AsyncGenerator<RecordEntry[]> {
  let cursor: string | undefined
  do {
    const { entries, cursor: next } = await patiently(clock, () =>
      client.record({ ...question, ...(cursor !== undefined && { cursor }) }),
    )
    yield entries
    if (next !== undefined && next === cursor) throw new Failure('The record does not go on behind this place.')
    cursor = next
  } while (cursor !== undefined)
}

async function patiently<Answer>(clock: Clock, ask: () => Promise<Answer>): Promise<Answer> {
  for (let round = 1; ; round++) {
    try {
      return await ask()
    } catch (error) {
      if (round === mostRounds || !maySucceed(error)) throw error
      const asked = error instanceof ChatError ? error.retryAfterMs : undefined
      const waitMs = asked ?? Math.min(1000 * 2 ** (round - 1), longestMs)
      await new Promise<void>((resolve) => {
        clock.after(waitMs, resolve)
      })
    }
  }
}

/** Of connection errors those that a code explains are final; an unanswered request is not. */
const maySucceed = (error: unknown): boolean =>
  error instanceof ChatError
    ? error.retryable
    : error instanceof ConnectionError && error.undecided && codeOf(error) !== 'unauthorized'
