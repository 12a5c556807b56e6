import * as z from 'zod/mini'
import { limits } from './limits.ts'
import { bytesIn, charactersIn, isSafeText, isVisible } from './text.ts'

/** A limit on the number of characters, not of UTF-16 units. JSON Schema counts in the same way. */
export const atMost = (most: number) =>
  z.refine<string>((text) => charactersIn(text) <= most, {
    error: `must be at most ${most} characters`,
    params: { maxLength: most },
  })

export const textOf = (most: { bytes: number }) =>
  z.string().check(
    z.refine((text) => text.trim() !== '', 'must not be empty'),
    z.refine((text) => bytesIn(text) <= most.bytes, `must be at most ${most.bytes} bytes`),
  )

export const singleLine = (most: number) =>
  z.string().check(
    z.refine((text) => text.trim() !== '', 'must not be empty'),
    z.refine(isVisible, 'must have something to see'),
    atMost(most),
    z.refine(isSafeText, 'must not contain control, invisible or directional characters'),
  )

export const name = singleLine(limits.nameCharacters)

export const description = z.string().check(
  atMost(limits.descriptionCharacters),
  z.refine((text) => isSafeText(text.replace(/[\n\r\t]/g, ' ')), 'must not contain control or directional characters'),
)

export const id = z.string().check(z.minLength(1), atMost(limits.idCharacters))

/** A position in a log. Position 0 is its beginning. */
export const position = z.int().check(z.gte(0))

/** The receiver of a grant: a user, a group, or everyone. */
export const principal = z
  .string()
  .check(
    z.refine(
      (text) => /^(everyone|(user|group):[^\p{Cc}]{1,128})$/u.test(text),
      'must be user:<sub>, group:<name> or everyone',
    ),
  )

export const principals = z.array(principal).check(z.minLength(1), z.maxLength(limits.principalsPerRequest))

export const cursor = z.string().check(z.minLength(1), atMost(1024))

export const boolean = z.boolean()

/** Only web and mail addresses are allowed, because people click on links. */
export const href = z.string().check(
  atMost(2048),
  z.refine(
    (text) => /^(https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu.test(text) && URL.canParse(text),
    'must be an http, https or mailto address without white space',
  ),
)
