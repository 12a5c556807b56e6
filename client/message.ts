import type { MessageFrame } from '../lambdas/protocol/wire.ts'

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
} as const

export type Emoticon = keyof typeof emoticons

/** A piece of a formatted message, in reading order. */
export type MessagePart =
  | { type: 'text'; text: string }
  | { type: 'emoticon'; emoticon: Emoticon }
  | { type: 'link'; text: string; href: string }
  | { type: 'roomLink'; roomId: string; name: string }

/**
 * One entry of a room's log. `seq` is its place, without holes; `sentAt` is the server's time, RFC 3339. An entry with
 * `removes` is no message: it takes the bodies of those positions away. An entry with `removed` has lost its body.
 */
export interface Message extends Omit<MessageFrame, 'parts'> {
  parts?: MessagePart[] | undefined
}

/** What an author writes. `text` is the plain reading of the whole; a `title` makes it a story. */
export interface MessageBody {
  text: string
  parts?: readonly MessagePart[]
  /** Of high importance. */
  alert?: boolean
  title?: string
  rich?: { contentType: string; body: string }
}
