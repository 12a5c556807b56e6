import { entries, isObject, type Json, list, object, text } from './json.ts'

/** How plain words become frames and frames become lines: told by `localRun.talk` of package.json, in its words. */
export interface Words {
  /** Frames to begin with, each sent when the one before it was answered. */
  first: Json[]
  /** The frame for a typed line. `{line}` stands for the line, `{a.b}` for a value of the last first frame's answer. */
  say: Json
  /** Lines for a frame: the first one that the frame has every `{a.b}` for is shown. */
  show: string[]
}

/** Undefined where package.json tells none: then frames are typed and shown as they are. */
export function readWords(source: unknown): Words | undefined {
  if (!isObject(source)) return undefined
  return { first: list(source.first).map(object), say: object(source.say), show: list(source.show).map(text) }
}

export function frameFor({ say }: Words, line: string, answer: unknown): Json {
  const known = { ...object(answer), line }
  return Object.fromEntries(
    entries(say).map(([name, value]) => [name, typeof value === 'string' ? (filled(value, known) ?? value) : value]),
  )
}

/** What a person reads of a frame: its own line, then those of the things it lists. */
export function linesFor(words: Words, frame: unknown): string[] {
  const own = words.show.map((line) => filled(line, frame)).find((line) => line !== undefined)
  const listed = entries(frame)
    .flatMap(([, value]) => list(value))
    .flatMap((item) => linesFor(words, item))
  return [...(own === undefined ? [] : [own]), ...listed]
}

function filled(template: string, source: unknown): string | undefined {
  const value = (path: string) => path.split('.').reduce<unknown>((inside, name) => object(inside)[name], source)
  const names = [...template.matchAll(/\{([\w.]+)\}/g)].map(([, path = '']) => path)
  if (names.some((path) => !['string', 'number'].includes(typeof value(path)))) return undefined
  return template.replace(/\{([\w.]+)\}/g, (_, path: string) => String(value(path)))
}
