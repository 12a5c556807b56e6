import * as z from 'zod/mini'
import { atMost, boolean, href, id, position, singleLine, textOf } from '../fields.ts'
import { limits } from '../limits.ts'
import { bytesIn } from '../text.ts'

export const emoticons = [
  'smile',
  'frown',
  'cool',
  'laughing',
  'shocked',
  'confused',
  'crying',
  'tongue',
  'wink',
  'angry',
  'kissing',
] as const

const partText = textOf({ bytes: limits.textBytes })

export const emoticon = z.enum(emoticons)

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

/** A message. With a title it is a story and may be longer. */
export const send = z
  .object({
    roomId: id,
    text: textOf({ bytes: limits.storyBytes }),
    clientMessageId: z.optional(id),
    after: z.optional(position),
    parts: z.optional(z.array(part).check(z.minLength(1), z.maxLength(limits.parts))),
    alert: z.optional(boolean),
    title: z.optional(singleLine(limits.titleCharacters)),
    rich: z.optional(rich),
    ifHead: z.optional(position),
  })
  .check(
    z.refine((frame) => frame.title !== undefined || bytesIn(frame.text) <= limits.textBytes, {
      path: ['text'],
      message: `must be at most ${limits.textBytes} bytes without a title`,
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
      ({ text, parts, title, rich }) => bytesIn(JSON.stringify({ text, parts, title, rich })) <= limits.messageBytes,
      {
        path: ['text'],
        message: `the whole message must be at most ${limits.messageBytes} bytes`,
      },
    ),
  )
