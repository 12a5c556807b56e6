import { createHash } from 'node:crypto'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type Item = Record<string, AttributeValue>

/** An attribute value as DynamoDB's own JSON has it: bytes in base64, numbers as text. */
type Written =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: boolean }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] }
  | { L: Written[] }
  | { M: { [name: string]: Written } }

/** The line of an item: names and members of sets are sorted, so that equal items have equal lines. */
export const lineOf = (item: Item): string => JSON.stringify(sortedFields(item))

/** Reads a line. Throws an Error that says what is wrong with it. */
export function itemIn(line: string): Item {
  const parsed: unknown = JSON.parse(line)
  if (!isFields(parsed)) throw new Error('it is no item')
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, read(value)]))
}

const sortedFields = (fields: Item): { [name: string]: Written } =>
  Object.fromEntries(
    Object.entries(fields)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => [name, written(value)]),
  )

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

function written(value: AttributeValue): Written {
  if (value.S !== undefined) return { S: value.S }
  if (value.N !== undefined) return { N: value.N }
  if (value.B !== undefined) return { B: base64(value.B) }
  if (value.BOOL !== undefined) return { BOOL: value.BOOL }
  if (value.NULL !== undefined) return { NULL: value.NULL }
  if (value.SS !== undefined) return { SS: [...value.SS].sort() }
  if (value.NS !== undefined) return { NS: [...value.NS].sort() }
  if (value.BS !== undefined) return { BS: value.BS.map(base64).sort() }
  if (value.L !== undefined) return { L: value.L.map(written) }
  if (value.M !== undefined) return { M: sortedFields(value.M) }
  throw new Error('an attribute has a type that this program does not know')
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)

function read(value: unknown): AttributeValue {
  if (!isFields(value)) throw new Error('an attribute has no type')
  const [[type, of] = ['', undefined], ...more] = Object.entries(value)
  if (more.length > 0) throw new Error('an attribute has several types')
  if (type === 'S' && isText(of)) return { S: of }
  if (type === 'N' && isText(of)) return { N: of }
  if (type === 'B' && isText(of)) return { B: Buffer.from(of, 'base64') }
  if (type === 'BOOL' && typeof of === 'boolean') return { BOOL: of }
  if (type === 'NULL' && typeof of === 'boolean') return { NULL: of }
  if (type === 'SS' && isTexts(of)) return { SS: of }
  if (type === 'NS' && isTexts(of)) return { NS: of }
  if (type === 'BS' && isTexts(of)) return { BS: of.map((text) => Buffer.from(text, 'base64')) }
  if (type === 'L' && Array.isArray(of)) return { L: of.map(read) }
  if (type === 'M' && isFields(of))
    return { M: Object.fromEntries(Object.entries(of).map(([name, inner]) => [name, read(inner)])) }
  throw new Error(`an attribute of type ${type} has no such value`)
}

/** How many items there are, and a checksum of them all that does not depend on their order. */
export interface Tally {
  items: number
  /** The sum of the SHA-256 of every line, modulo 2 to the 256, in hexadecimal digits. */
  checksum: string
}

export const noItems: Tally = { items: 0, checksum: '0'.repeat(64) }

const modulus = 1n << 256n
const numberIn = (hexadecimal: string): bigint => BigInt(`0x${hexadecimal}`)
const digits = (value: bigint): string => (value % modulus).toString(16).padStart(64, '0')

export const tallyOf = (lines: readonly string[]): Tally => ({
  items: lines.length,
  checksum: digits(lines.reduce((sum, line) => sum + numberIn(createHash('sha256').update(line).digest('hex')), 0n)),
})

export const together = (...tallies: readonly Tally[]): Tally => ({
  items: tallies.reduce((sum, { items }) => sum + items, 0),
  checksum: digits(tallies.reduce((sum, { checksum }) => sum + numberIn(checksum), 0n)),
})

export const isSame = (one: Tally, other: Tally): boolean =>
  one.items === other.items && one.checksum === other.checksum
