import * as z from 'zod/mini'
import { send } from '../frames/messages.ts'
import { id, seq, time } from './values.ts'

const entryFields = { roomId: id, seq, sentAt: time }
/** `app` is true if a program with a token of its own wrote this. */
export const author = z.object({ user: id, name: z.string(), app: z.optional(z.literal(true)) })
const body = { parts: send.shape.parts, alert: z.optional(z.boolean()), title: z.optional(z.string()) }

/** A message. */
export const messageValue = z.object({
  ...entryFields,
  from: author,
  clientMessageId: z.optional(id),
  text: z.string(),
  ...body,
  rich: send.shape.rich,
})

/** A message whose body was removed. `text` is the replacement. */
export const removed = z.object({
  ...entryFields,
  from: author,
  clientMessageId: z.optional(id),
  text: z.optional(z.string()),
  removed: z.object({ by: id, at: time }),
})

/** An entry that removes other messages. It has its own position in the log. */
export const removal = z.object({
  ...entryFields,
  removes: z.array(seq).check(z.minLength(1)),
  by: id,
  replacement: z.optional(z.string()),
})

/** An entry that removes all messages of a user up to a position. It has its own position in the log. */
export const erasure = z.object({
  ...entryFields,
  removes: z.array(seq).check(z.maxLength(0)),
  by: id,
  removesOf: id,
  upTo: seq,
})

/** One position of a log. */
export const message = z.union([messageValue, removed, removal, erasure])

export const messages = z.array(message)
