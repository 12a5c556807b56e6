import * as z from 'zod/mini'
import { type Emoticon, emoticons } from '../emoticons.ts'
import { atMost, boolean, href, id, position, singleLine, textOf } from '../fields.ts'
import { limits } from '../limits.ts'
import { plainText, saysTheSame } from '../plain-text.ts'
import { bytesIn } from '../text.ts'

const partText = textOf({ bytes: limits.textBytes })

export const emoticon = z.enum(Object.keys(emoticons) as Emoticon[])

export const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().check(z.minLength(1), atMost(limits.storyBytes)) }),
  z.object({ type: z.literal('emoticon'), emoticon }),
  z.object({ type: z.literal('link'), text: partText, href }),
  z.object({ type: z.literal('roomLink'), roomId: id, name: singleLine(limits.nameCharacters) }),
])

export const rich = z.object({
  contentType: z.string().check(atMost(100), z.regex(/^[a-z]+\/[a-z0-9.+-]+$/i)),
  body: textOf({ bytes: limits.richBytes }),
})

type Readable = { text?: string | undefined; parts?: readonly z.output<typeof part>[] | undefined }

/** The text of a message; without one it is that of its parts. */
export const messageText = ({ text, parts }: Readable): string => text ?? plainText(parts ?? [])

/** A message. With a title it is a story and may be longer. */
export const send = z
  .object({
    roomId: id,
    text: z.optional(textOf({ bytes: limits.storyBytes })),
    clientMessageId: z.optional(id),
    after: z.optional(position),
    parts: z.optional(z.array(part).check(z.minLength(1), z.maxLength(limits.parts))),
    alert: z.optional(boolean),
    title: z.optional(singleLine(limits.titleCharacters)),
    rich: z.optional(rich),
    ifHead: z.optional(position),
  })
  .check(
    z.refine((frame) => messageText(frame).trim() !== '', { path: ['text'], message: 'must not be empty' }),
    z.refine(({ text, parts }) => !text || !parts || saysTheSame(text, plainText(parts)), {
      path: ['text'],
      message: 'must say the same as the parts',
    }),
    z.refine((frame) => frame.title !== undefined || bytesIn(messageText(frame)) <= limits.textBytes, {
      path: ['text'],
      message: `must be at most ${limits.textBytes} bytes without a title`,
    }),
    z.refine((frame) => bytesIn(messageText(frame)) <= limits.storyBytes, {
      path: ['text'],
      message: `must be at most ${limits.storyBytes} bytes`,
    }),
    z.refine((frame) => frame.clientMessageId === undefined || frame.after !== undefined, {
      path: ['after'],
      message: 'goes with clientMessageId',
    }),
    z.refine((frame) => frame.after === undefined || frame.clientMessageId !== undefined, {
      path: ['clientMessageId'],
      message: 'goes with after',
    }),
    z.refine(
      ({ text, parts, title, rich }) =>
        bytesIn(JSON.stringify({ text: messageText({ text, parts }), parts, title, rich })) <= limits.messageBytes,
      {
        path: ['text'],
        message: `the whole message must be at most ${limits.messageBytes} bytes`,
      },
    ),
  )
