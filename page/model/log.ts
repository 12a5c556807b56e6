import type { Message } from '../../client/index.ts'

/** The loaded part of a room's log, in order. */
export interface Log {
  readonly messages: readonly Message[]
  /** All older messages are loaded. */
  readonly complete: boolean
}

export const logOf = (messages: readonly Message[], complete: boolean): Log =>
  messages.reduce<Log>(append, { messages: [], complete })

/** Appends an entry. A removal also removes the bodies of earlier messages. */
export function append({ messages, complete }: Log, message: Message): Log {
  const { removes = [], removesOf, upTo = 0 } = message
  const named = new Set(removes)
  const isRemoved = ({ seq, from }: Message) =>
    named.has(seq) || (removesOf !== undefined && from?.user === removesOf && seq <= upTo)
  const earlier =
    named.size === 0 && removesOf === undefined
      ? messages
      : messages.map((one) => (isRemoved(one) ? withoutBody(one, message) : one))
  return { messages: [...earlier, message], complete }
}

/** Puts a page of older messages before the others. */
export const prepend = ({ messages }: Log, older: readonly Message[], complete: boolean): Log => ({
  messages: [...older.filter(({ seq }) => seq < (messages[0]?.seq ?? Number.POSITIVE_INFINITY)), ...messages],
  complete,
})

function withoutBody({ roomId, seq, sentAt, from }: Message, { by = '', sentAt: at, replacement }: Message): Message {
  return { roomId, seq, sentAt, removed: { by, at }, ...(from && { from }), ...(replacement && { text: replacement }) }
}

/** Messages of one author in close succession, shown as one block. */
export interface Group {
  readonly day: string
  readonly author: NonNullable<Message['from']>
  readonly messages: readonly Message[]
}

/** The longest time between two messages of a group, in milliseconds. */
const maxPauseMs = 5 * 60_000

export function groupsOf(messages: readonly Message[]): Group[] {
  const groups: (Group & { messages: Message[] })[] = []
  for (const message of messages) {
    if (message.removes || !message.from) continue
    const day = new Date(message.sentAt).toDateString()
    const group = groups.at(-1)
    const previous = group?.messages.at(-1)
    const continues =
      group?.day === day &&
      group.author.user === message.from.user &&
      Date.parse(message.sentAt) - Date.parse(previous?.sentAt ?? '') < maxPauseMs
    if (continues) group.messages.push(message)
    else groups.push({ day, author: message.from, messages: [message] })
  }
  return groups
}
