import type { Message } from '../../client/index.ts'

/** What is held of a room's log, in order. */
export interface Log {
  readonly messages: readonly Message[]
  /** Nothing older is left to ask for. */
  readonly complete: boolean
}

export const logOf = (messages: readonly Message[], complete: boolean): Log =>
  messages.reduce<Log>(apply, { messages: [], complete })

/** A new entry. A removal takes the bodies of others away and is kept for its place. */
export function apply({ messages, complete }: Log, message: Message): Log {
  const gone = new Set(message.removes)
  const standing = gone.size === 0 ? messages : messages.map((one) => (gone.has(one.seq) ? emptied(one, message) : one))
  return { messages: [...standing, message], complete }
}

export const earlier = ({ messages }: Log, older: readonly Message[], complete: boolean): Log => ({
  messages: [...older.filter(({ seq }) => seq < (messages[0]?.seq ?? Number.POSITIVE_INFINITY)), ...messages],
  complete,
})

function emptied({ roomId, seq, sentAt, from }: Message, { by = '', sentAt: at, replacement }: Message): Message {
  return { roomId, seq, sentAt, removed: { by, at }, ...(from && { from }), ...(replacement && { text: replacement }) }
}

/** What follows closely from the same author is shown as one block. */
export interface Group {
  readonly day: string
  readonly author: { user: string; name: string }
  readonly messages: readonly Message[]
}

const togetherMs = 5 * 60_000

export function groupsOf(messages: readonly Message[]): Group[] {
  const groups: (Group & { messages: Message[] })[] = []
  for (const message of messages) {
    if (message.removes || !message.from) continue
    const day = new Date(message.sentAt).toDateString()
    const group = groups.at(-1)
    const before = group?.messages.at(-1)
    const together =
      group?.day === day &&
      group.author.user === message.from.user &&
      Date.parse(message.sentAt) - Date.parse(before?.sentAt ?? '') < togetherMs
    if (together) group.messages.push(message)
    else groups.push({ day, author: message.from, messages: [message] })
  }
  return groups
}
