export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const object = (value: unknown): Json => (isObject(value) ? value : {})
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Parses JSON text. Returns undefined for text that is not JSON; no JSON text has that value. */
export function parse(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}

/** The own properties of an object as pairs of key and value; none for any other value. */
export const entries = (value: unknown): [string, unknown][] => Object.entries(object(value))
export const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(entries(value).map(([name, item]) => [name, String(item)]))
