import { messageLimits } from '../protocol/message-limits.ts'
import { bytesIn } from '../protocol/text.ts'
import type { Requests } from '../protocol/types.ts'
import type { Entry } from '../protocol/wire.ts'
import type { AbortSignalLike } from './abort.ts'

export { emoticons } from '../protocol/emoticons.ts'
export type { Emoticon, MessagePart } from '../protocol/types.ts'

/**
 * One entry of a room's log. `seq` is its position, without gaps; `sentAt` is the time of the server, RFC 3339. An
 * entry with `removes` is no message: it removes the bodies of those positions, and with `removesOf` those of all
 * messages of this user up to the position `upTo`. An entry with `removed` has no body.
 */
export type Message = Entry

/** The content of a message. `text` is the whole as plain text; a `title` makes it a story. */
export type MessageBody = { text: string } & Pick<Requests['send'], 'parts' | 'alert' | 'title' | 'rich'>

export interface SendOptions extends Partial<MessageBody> {
  /** Store the message only if this is the newest position; otherwise the error is `conflict`. */
  ifHead?: number | undefined
  /** 1 to 64 characters, unique for author and room. Made by the client by default. */
  clientMessageId?: string | undefined
  /** Cancels the message: it is not tried again. */
  signal?: AbortSignalLike | undefined
}

/** Whether the entry is a message. A message whose body was removed is one. */
export const isMessage = ({ from }: Message): boolean => from !== undefined

/** Whether the entry removes the bodies of earlier messages. */
export const isRemoval = ({ removes, removesOf }: Message): boolean =>
  (removes?.length ?? 0) > 0 || removesOf !== undefined

/** Whether this version knows the kind of the entry. By the protocol, entries of other kinds only take a position. */
export const isKnown = (entry: Message): boolean => isMessage(entry) || isRemoval(entry)

/** The body to send. Throws a TypeError if it is empty, and a RangeError if it is too long. */
export function validBody(content: string | MessageBody, options: SendOptions = {}): MessageBody {
  const given = typeof content === 'string' ? { text: content } : content
  const { parts, alert, title, rich, text } = { ...options, ...given }
  if (typeof text !== 'string' || text.trim() === '') throw new TypeError('A message needs a text.')
  const body = {
    text,
    ...(parts && { parts }),
    ...(alert && { alert }),
    ...(title !== undefined && { title }),
    ...(rich && { rich }),
  }
  const maxBytes = title === undefined ? messageLimits.textBytes : messageLimits.storyBytes
  if (bytesIn(text) > maxBytes) throw new RangeError(`A text has at most ${maxBytes} bytes, this one ${bytesIn(text)}.`)
  if (bytesIn(JSON.stringify(body)) > messageLimits.messageBytes) throw new RangeError('The message is too long.')
  return body
}
