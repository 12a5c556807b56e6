import type * as z from 'zod/mini'
import { limits, maxDepth } from './limits.ts'
import { bytesIn, charactersIn } from './text.ts'

const maxFieldLength = 200

/** The error for an invalid frame. `field` is the path of the wrong field. */
export class BadFrame extends Error {
  readonly field: string | undefined

  constructor(message: string, field?: string) {
    super(message)
    this.name = 'BadFrame'
    // A path may contain field names from the client, which may be as long as a frame.
    this.field = field?.slice(0, maxFieldLength) || undefined
  }
}

/** A JSON object. */
export type Json = { [field: string]: unknown }

/**
 * Parses the text of a frame as a JSON object. Throws `BadFrame` if it is too long or is not an object. The fields are
 * not checked yet.
 */
export function parseObject(text: string): Json {
  if (bytesIn(text) > limits.frameBytes) throw new BadFrame('The frame is too long.')
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadFrame('A frame is a JSON object.')
  return value as Json
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadFrame('The frame is not JSON.')
  }
}

/**
 * Returns the id of a request, so that replies to invalid requests can have it too. Throws `BadFrame` for an invalid
 * id.
 */
export function idOf(frame: Json): string | undefined {
  const { id } = frame
  if (id === undefined) return undefined
  if (typeof id === 'string' && id !== '' && charactersIn(id) <= limits.idCharacters) return id
  throw new BadFrame(`id must be a string of 1 to ${limits.idCharacters} characters.`, 'id')
}

export function parseFrame<Schema extends z.ZodMiniType>(schema: Schema, frame: Json): z.output<Schema> {
  checkJson(frame, [])
  const result = schema.safeParse(frame)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = issue?.path.join('.').slice(0, maxFieldLength)
  throw new BadFrame(field && issue ? `${field} ${issueText(issue)}.` : 'The frame is not valid.', field)
}

function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return issue.message
  // JSON has objects and no records.
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected === 'record' ? 'object' : issue.expected}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  return 'is not of the expected form'
}

/**
 * Throws `BadFrame` for valid JSON that no client needs: broken Unicode, control characters, `__proto__`, and too many
 * levels.
 */
function checkJson(value: unknown, path: string[]): void {
  if (typeof value === 'string') checkText(value, path)
  if (typeof value !== 'object' || value === null) return
  if (path.length >= maxDepth) throw new BadFrame(`The frame nests deeper than ${maxDepth}.`, path[0])
  for (const [field, inner] of Object.entries(value)) {
    checkText(field, path)
    if (field === '__proto__') throw new BadFrame('A field may not be called __proto__.', field)
    checkJson(inner, [...path, field])
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

function checkText(text: string, path: string[]): void {
  if (!text.isWellFormed()) throw new BadFrame('Text must be well-formed Unicode.', path.join('.'))
  if (control.test(text)) throw new BadFrame('Text must not contain control characters.', path.join('.'))
}
