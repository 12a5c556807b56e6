import { callOf } from './domain/failed-calls.ts'
import type { Fact } from './domain/metrics.ts'

/** Where the code of this function is: in Lambda its bundle, elsewhere the project. */
const ownFolder = `${process.env.LAMBDA_TASK_ROOT ?? process.cwd()}/`

const mostFrames = 6

/** Messages of the language that quote the program and no value. Every other message may quote a text of a user. */
const safeMessages = [
  /^[\w$.]{1,100} is not (?:a function|a constructor|iterable|defined)\b/,
  /^Cannot (?:read|set) properties of (?:undefined|null)\b/,
  /^Maximum call stack size exceeded$/,
  /^Invalid (?:array|string) length$/,
]

/** What may be logged of an error: its name, the call that failed, and places in our own code. */
export function describeError(error: unknown): Fact {
  if (!(error instanceof Error)) return { error: typeof error }
  const { name, message } = error
  const code = 'code' in error ? String(error.code) : ''
  const { action, target, status } = callOf(error) ?? {}
  const isOfLanguage = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  const said = isOfLanguage && safeMessages.map((pattern) => pattern.exec(message)?.[0]).find(Boolean)
  const at = ownFrames(error)
  return {
    error: /^[\w.$]{1,64}$/.test(name) ? name : 'Error',
    ...(/^[A-Z][A-Z0-9_]{1,40}$/.test(code) && { code }),
    ...(action !== undefined && { action }),
    ...(target !== undefined && { target }),
    ...(status !== undefined && { status }),
    ...(said && { message: said }),
    ...(at !== '' && { at }),
  }
}

/** The places in our own code through which an error passed: file, line and column, newest first. */
export function ownFrames({ stack = '', message }: Error): string {
  // The message comes first in a stack, and may itself look like a frame.
  const frames = stack.slice(message === '' ? 0 : stack.indexOf(message) + message.length).split('\n    at ')
  return frames
    .slice(1)
    .flatMap((frame) => {
      const from = frame.indexOf(ownFolder)
      const place = from < 0 ? '' : frame.slice(from + ownFolder.length).replace(/\)$/, '')
      return /^[\w./-]+:\d+:\d+$/.test(place) && !place.includes('node_modules/') ? [place] : []
    })
    .slice(0, mostFrames)
    .join(' ')
}
