/** Directional and invisible characters can make one name look like another. */
const unsafeCharacters =
  /[\p{Cc}\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0]/u

/** Letters, digits, punctuation and symbols are visible. Joiners, soft hyphens and tags are not. */
const visibleCharacters = /[\p{L}\p{N}\p{P}\p{S}]/u

export const isVisible = (text: string): boolean => visibleCharacters.test(text)

export const isSafeText = (text: string): boolean => !unsafeCharacters.test(text)

/** The number of characters, not of UTF-16 units. */
export const charactersIn = (text: string): number => [...text].length

const encoder = new TextEncoder()

export const bytesIn = (text: string): number => encoder.encode(text).length
