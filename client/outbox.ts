import type { ChatError } from './errors.ts'
import type { Message, MessageBody } from './message.ts'

/** A message on its way. */
export interface Draft {
  readonly clientMessageId: string
  readonly body: MessageBody
  readonly ifHead?: number
  /** The last position that was applied when the message was written. */
  readonly since?: number
  /** The client that sends it, in a storage. */
  readonly owner?: string
  /** The last position that was applied when the message was first tried; the same at every try. */
  readonly after?: number
  /** A try has ended without an answer, so the message may stand in the log behind `after`. */
  readonly undecided?: boolean
}

/** Messages of one room in the order in which they were said. The first one alone is under way. */
export type Outbox = readonly Draft[]

/** Puts a draft behind the others; one that stands there already stays as it is. */
export const enqueue = (outbox: Outbox, draft: Draft): Outbox =>
  outbox.some(({ clientMessageId }) => clientMessageId === draft.clientMessageId) ? outbox : [...outbox, draft]

/** Takes a draft out: it has a definite answer. */
export const settle = (outbox: Outbox, { clientMessageId }: Draft): Outbox =>
  outbox.filter((draft) => draft.clientMessageId !== clientMessageId)

/** Writes down what has become of a draft. */
export const replace = (outbox: Outbox, draft: Draft): Outbox =>
  outbox.map((standing) => (standing.clientMessageId === draft.clientMessageId ? draft : standing))

/** A draft that is about to be tried: `after` is fixed, once, and until an answer comes its fate is open. */
export const trying = (draft: Draft, last: number): Draft => ({ ...draft, after: draft.after ?? last, undecided: true })

/** A draft of which nothing can stand in the log: its next try is a first one. */
export const untried = ({ after: _, ...draft }: Draft): Draft => ({ ...draft, undecided: false })

/** What a refusal means for the draft. */
export type Verdict = 'again' | 'rejoin' | 'look' | 'refused'

/** Retryable refusals are tried again, a lost session is joined again, `resync_required` asks for a look at the log. */
export function verdictOn({ code, retryable }: Pick<ChatError, 'code' | 'retryable'>): Verdict {
  if (retryable) return 'again'
  if (code === 'not_joined') return 'rejoin'
  return code === 'resync_required' ? 'look' : 'refused'
}

/** Whether an entry of the log is this draft of this author. */
export const isOwn = ({ clientMessageId, from }: Message, draft: Draft, user: string): boolean =>
  clientMessageId === draft.clientMessageId && from?.user === user

/** The outbox as text, for a storage that outlives the page. */
export const written = (outbox: Outbox): string => JSON.stringify(outbox)

/** The outbox that was written; what does not read as one is an empty one. */
export function read(text: string | null | undefined): Outbox {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isDraft) : []
  } catch {
    return []
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false
  const { clientMessageId, body } = value as { clientMessageId?: unknown; body?: { text?: unknown } | null }
  return typeof clientMessageId === 'string' && typeof body?.text === 'string'
}
