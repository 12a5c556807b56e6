import type { ChatError } from './errors.ts'
import type { Message, MessageBody } from './message.ts'

/** A message that the server has not answered yet. Storages hold it as JSON, so its fields must keep their names. */
export interface PendingMessage {
  readonly clientMessageId: string
  readonly body: MessageBody
  readonly ifHead?: number
  /** The last position that was applied when the message was written. */
  readonly since?: number
  /** The client that sends it, in a storage. */
  readonly owner?: string
  /** The last position that was applied at the first try. Every later try sends the same one. */
  readonly after?: number
  /** A try was not answered, so the message may be in the log after the position `after`. */
  readonly undecided?: boolean
}

/** The messages of one room in the order in which they were written. Only the first one is being sent. */
export type Outbox = readonly PendingMessage[]

/** Appends a message, unless it is in the outbox already. */
export const enqueue = (outbox: Outbox, pending: PendingMessage): Outbox =>
  outbox.some(({ clientMessageId }) => clientMessageId === pending.clientMessageId) ? outbox : [...outbox, pending]

/** Removes a message that has been answered. */
export const remove = (outbox: Outbox, { clientMessageId }: PendingMessage): Outbox =>
  outbox.filter((pending) => pending.clientMessageId !== clientMessageId)

/** Replaces a message by its next version. */
export const replace = (outbox: Outbox, pending: PendingMessage): Outbox =>
  outbox.map((other) => (other.clientMessageId === pending.clientMessageId ? pending : other))

/** The message as it is while a try is not answered. The first try sets `after`; later ones keep it. */
export const startTry = (pending: PendingMessage, last: number): PendingMessage => ({
  ...pending,
  after: pending.after ?? last,
  undecided: true,
})

/** A message that cannot be in the log: its next try is a first one again. */
export const firstTry = ({ after: _, ...pending }: PendingMessage): PendingMessage => ({ ...pending, undecided: false })

/** What to do with a message after a refusal. */
export type NextStep = 'retry' | 'rejoin' | 'search' | 'refused'

/** A lost session is joined again. After `resync_required` the message is searched in the log before the next try. */
export function nextStep({ code, retryable }: Pick<ChatError, 'code' | 'retryable'>): NextStep {
  if (retryable) return 'retry'
  if (code === 'not_joined') return 'rejoin'
  return code === 'resync_required' ? 'search' : 'refused'
}

/** Whether an entry of the log is this message of this user. */
export const isOwn = ({ clientMessageId, from }: Message, pending: PendingMessage, user: string): boolean =>
  clientMessageId === pending.clientMessageId && from?.user === user

/** The outbox as text, for a storage. */
export const serialize = (outbox: Outbox): string => JSON.stringify(outbox)

/** The outbox of a text from a storage; empty if the text is no outbox. */
export function parse(text: string | null | undefined): Outbox {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isPending) : []
  } catch {
    return []
  }
}

function isPending(value: unknown): value is PendingMessage {
  if (typeof value !== 'object' || value === null) return false
  const { clientMessageId, body } = value as { clientMessageId?: unknown; body?: { text?: unknown } | null }
  return typeof clientMessageId === 'string' && typeof body?.text === 'string'
}
