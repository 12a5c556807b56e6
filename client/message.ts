import type { Emoticon, Requests } from '../protocol/types.ts'
import type { Entry } from '../protocol/wire.ts'

export type { Emoticon, MessagePart } from '../protocol/types.ts'

/** The emoticons there are, with the characters that stand for them in plain text. */
export const emoticons = {
  smile: ':)',
  frown: ':(',
  cool: '8-)',
  laughing: ':-D',
  shocked: ':-O',
  confused: ':-/',
  crying: ":'(",
  tongue: ':-P',
  wink: ';)',
  angry: '>:O',
  kissing: ':-*',
} as const satisfies Record<Emoticon, string>

/**
 * One entry of a room's log. `seq` is its place, without holes; `sentAt` is the server's time, RFC 3339. An entry with
 * `removes` is no message: it takes the bodies of those positions away. An entry with `removed` has lost its body.
 */
export type Message = Entry

/** What an author writes. `text` is the plain reading of the whole; a `title` makes it a story. */
export type MessageBody = Pick<Requests['send'], 'text' | 'parts' | 'alert' | 'title' | 'rich'>

/** Whether the entry is a message, also one whose body was removed. */
export const isMessage = ({ from }: Message): boolean => from !== undefined

/** Whether the entry removes the bodies of earlier messages. */
export const isRemoval = ({ removes }: Message): boolean => (removes?.length ?? 0) > 0

/** Whether this version knows the kind of the entry. Others only take their position, as docs/protocol.md says. */
export const isKnown = (entry: Message): boolean => isMessage(entry) || isRemoval(entry)
