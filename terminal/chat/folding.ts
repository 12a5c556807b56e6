/** Marks the second and later lines of a message. No first line of a message begins with it. */
export const continuationMark = '      │ '

/** The highest number of columns that a character may take. A number that is too high only folds a line earlier. */
const width = (character: string): number => ((character.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2)

/**
 * Folds the lines of a message for a terminal of this width. Each line after the first begins with the mark, and no line
 * is so long that the terminal would break it without the mark.
 */
export function foldLines(lines: readonly string[], columns: number | undefined): string[] {
  const maxWidth = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(columns, continuationMark.length + 2)
  const all: string[] = []
  for (const [at, line] of lines.entries()) {
    let row = at === 0 ? '' : continuationMark
    let used = row.length
    for (const character of line) {
      if (used + width(character) > maxWidth) {
        all.push(row)
        row = continuationMark
        used = row.length
      }
      row += character
      used += width(character)
    }
    all.push(row)
  }
  return all
}
