import type { ChatError } from './errors.ts'
import type { Message, MessageBody } from './message.ts'

/** A message on its way. */
export interface PendingMessage {
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
export type Outbox = readonly PendingMessage[]

/** Puts a draft behind the others; one that stands there already stays as it is. */
export const enqueue = (outbox: Outbox, draft: PendingMessage): Outbox =>
  outbox.some(({ clientMessageId }) => clientMessageId === draft.clientMessageId) ? outbox : [...outbox, draft]

/** Takes a draft out: it has a definite answer. */
export const remove = (outbox: Outbox, { clientMessageId }: PendingMessage): Outbox =>
  outbox.filter((draft) => draft.clientMessageId !== clientMessageId)

/** Writes down what has become of a draft. */
export const replace = (outbox: Outbox, draft: PendingMessage): Outbox =>
  outbox.map((standing) => (standing.clientMessageId === draft.clientMessageId ? draft : standing))

/** A draft that is about to be tried: `after` is fixed, once, and until an answer comes its fate is open. */
export const startTry = (draft: PendingMessage, last: number): PendingMessage => ({
  ...draft,
  after: draft.after ?? last,
  undecided: true,
})

/** A draft of which nothing can stand in the log: its next try is a first one. */
export const firstTry = ({ after: _, ...draft }: PendingMessage): PendingMessage => ({ ...draft, undecided: false })

/** What a refusal means for the draft. */
export type NextStep = 'again' | 'rejoin' | 'look' | 'refused'

/** Retryable refusals are tried again, a lost session is joined again, `resync_required` asks for a look at the log. */
export function nextStep({ code, retryable }: Pick<ChatError, 'code' | 'retryable'>): NextStep {
  if (retryable) return 'again'
  if (code === 'not_joined') return 'rejoin'
  return code === 'resync_required' ? 'look' : 'refused'
}

/** Whether an entry of the log is this draft of this author. */
export const isOwn = ({ clientMessageId, from }: Message, draft: PendingMessage, user: string): boolean =>
  clientMessageId === draft.clientMessageId && from?.user === user

/** The outbox as text, for a storage that outlives the page. */
export const serialize = (outbox: Outbox): string => JSON.stringify(outbox)

/** The outbox that was written; what does not read as one is an empty one. */
export function parse(text: string | null | undefined): Outbox {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isDraft) : []
  } catch {
    return []
  }
}

function isDraft(value: unknown): value is PendingMessage {
  if (typeof value !== 'object' || value === null) return false
  const { clientMessageId, body } = value as { clientMessageId?: unknown; body?: { text?: unknown } | null }
  return typeof clientMessageId === 'string' && typeof body?.text === 'string'
}
