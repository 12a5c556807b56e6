import { limits } from '../protocol/limits.ts'
import { bytesIn } from '../protocol/text.ts'
import type { AbortSignalLike } from './abort.ts'
import type { MessageBody } from './message.ts'

export interface SendOptions extends Partial<MessageBody> {
  /** Store only while this is the newest position, else `conflict`. */
  ifHead?: number | undefined
  /** Drawn by the client when left out; 1 to 64 characters, unique for author and room. */
  clientMessageId?: string | undefined
  /** Calls the message off: it is not tried again. */
  signal?: AbortSignalLike | undefined
}

/** What goes on the wire. Nothing to say is a TypeError, more than a message may hold is a RangeError. */
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
  const most = title === undefined ? limits.textBytes : limits.storyBytes
  if (bytesIn(text) > most) throw new RangeError(`A text has at most ${most} bytes, this one ${bytesIn(text)}.`)
  if (bytesIn(JSON.stringify(body)) > limits.messageBytes) throw new RangeError('The message is too long.')
  return body
}
