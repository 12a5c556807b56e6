import { createHash } from 'node:crypto'

/*
 * The hash chain over the lines of an export. The hash of a line covers the hash of the line before it and the line
 * itself, with a salted digest in place of each personal field. A field can therefore be erased, together with its
 * salt, and the chain still holds.
 */

/** The digest of a personal field. Without its salt nobody can try what the field was. */
interface Seal {
  digest: string
  salt?: string
}

/** A line of an export. `seals` has each personal field by its JSON pointer. */
export interface ChainedLine {
  seals: Record<string, Seal>
  hash: string
  [field: string]: unknown
}

/** What the hash of the first line covers in place of an earlier one. */
export const firstHash = ''

/** Texts with these names are times, codes and ids of rooms and categories. All other texts may be personal. */
const impersonal = new Set([
  ...['at', 'sentAt', 'before', 'from', 'to', 'event', 'roomId', 'categoryId', 'digest'],
  ...['role', 'how', 'match', 'type', 'privacy', 'invitations'],
])

/** Adds seals and the hash to an entry. `salt` returns a new random text each time. */
export function chained(entry: object, previous: string, salt: () => string): ChainedLine {
  const seals = Object.fromEntries(
    personalTexts(entry).map(([pointer, text]): [string, Seal] => {
      const ownSalt = salt()
      return [pointer, { salt: ownSalt, digest: digestOf(ownSalt, text) }]
    }),
  )
  return { ...entry, seals, hash: hashOf(entry, seals, previous) }
}

/** Why the line does not follow the line with this hash; undefined if it does. */
export function breakIn(line: unknown, previous: string): string | undefined {
  if (!isChained(line)) return 'it has no hash or no seals'
  const { seals, hash, ...entry } = line
  for (const [pointer, { salt, digest }] of Object.entries(seals)) {
    const value = valueAt(entry, pointer)
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' || salt === undefined) return `${pointer} is there without its salt`
    if (digestOf(salt, value) !== digest) return `${pointer} was changed`
  }
  return hashOf(entry, seals, previous) === hash ? undefined : 'its hash is another one'
}

function isChained(line: unknown): line is ChainedLine {
  if (!isObject(line) || typeof line.hash !== 'string' || !isObject(line.seals)) return false
  return Object.values(line.seals).every((seal) => isObject(seal) && typeof seal.digest === 'string')
}

function hashOf(entry: object, seals: Record<string, Seal>, previous: string): string {
  const digests = Object.fromEntries(Object.entries(seals).map(([pointer, { digest }]) => [pointer, digest]))
  const open = Object.keys(seals).reduce<unknown>((rest, pointer) => blanked(rest, partsOf(pointer)), entry)
  return createHash('sha256')
    .update(`${previous}\n${canonical({ open, digests })}`)
    .digest('base64url')
}

const digestOf = (salt: string, text: string): string =>
  createHash('sha256')
    .update(`${salt}\n${JSON.stringify(text)}`)
    .digest('base64url')

/** JSON without spaces, with sorted names, so that equal values have one text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, each]) => each !== undefined)
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`
}

/** The JSON pointer and the text of every field that may be personal. */
function personalTexts(value: unknown, pointer = '', name = ''): [string, string][] {
  if (typeof value === 'string') return impersonal.has(name) ? [] : [[pointer, value]]
  if (Array.isArray(value)) return value.flatMap((each, at) => personalTexts(each, `${pointer}/${at}`, name))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, each]) => personalTexts(each, `${pointer}/${escaped(key)}`, key))
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

const valueAt = (value: unknown, pointer: string): unknown =>
  partsOf(pointer).reduce<unknown>(
    (inner, part) => (isParent(inner) && Object.hasOwn(inner, part) ? Reflect.get(inner, part) : undefined),
    value,
  )

/** The value with null at this place. */
function blanked(value: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return null
  if (Array.isArray(value)) return value.map((each, at) => (String(at) === part ? blanked(each, rest) : each))
  const fields = isObject(value) ? value : {}
  return { ...fields, [part]: blanked(fields[part], rest) }
}

const isParent = (value: unknown): value is object => typeof value === 'object' && value !== null

const isObject = (value: unknown): value is Record<string, unknown> => isParent(value) && !Array.isArray(value)
