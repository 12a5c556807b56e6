/** Directional overrides and invisible characters let one name pass for another. */
const unsafeCharacters =
  /[\p{Cc}\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0]/u

/** Letters, digits and signs are seen; joiners, hyphens that only may be, and tags are not. */
const seen = /[\p{L}\p{N}\p{P}\p{S}]/u

export const isVisible = (text: string): boolean => seen.test(text)

export const isSafeText = (text: string): boolean => !unsafeCharacters.test(text)

/** Length as people count it, not as UTF-16 does. */
export const charactersIn = (text: string): number => [...text].length

const encoder = new TextEncoder()

export const bytesIn = (text: string): number => encoder.encode(text).length
