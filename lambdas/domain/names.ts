import { foldCase, visibleForm } from './fold.ts'

/** Names that differ only in case, width or invisible characters are the same name. */
export const foldName = (name: string): string => foldSpace(foldCase(visibleForm(name)))

/** The folded name of versions before 0.2, under which their names are stored. */
export const formerFoldName = (name: string): string =>
  foldSpace(
    name
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .toLowerCase(),
  )

export const isSameName = (one: string, other: string): boolean => foldName(one) === foldName(other)

const foldSpace = (text: string) => text.trim().replace(/\s+/gu, ' ')
