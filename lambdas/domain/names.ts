/** Names that differ only in case, width or invisible characters are the same name. */
export const foldName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .trim()
    .replace(/\s+/gu, ' ')

export const isSameName = (one: string, other: string): boolean => foldName(one) === foldName(other)
