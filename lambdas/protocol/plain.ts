/** Directional overrides and invisible characters let one name pass for another. */
const deceptive = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u

export const isPlain = (text: string): boolean => !deceptive.test(text)

/** Length as people count it, not as UTF-16 does. */
export const charactersIn = (text: string): number => [...text].length

export const bytesIn = (text: string): number => new TextEncoder().encode(text).length
