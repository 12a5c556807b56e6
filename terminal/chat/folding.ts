/** Marks a line that continues a message: no first line of a message begins so. */
export const continued = '      │ '

/** The most columns that a character takes. A count that is too high only folds a line early. */
const width = (character: string): number => ((character.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2)

/**
 * The lines as a terminal of so many columns shows them: each after the first begins with the mark of a continued line,
 * and none is so long that the terminal would break it without that mark.
 */
export function folded(lines: readonly string[], columns: number | undefined): string[] {
  const most = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(columns, continued.length + 2)
  const all: string[] = []
  for (const [at, line] of lines.entries()) {
    let row = at === 0 ? '' : continued
    let used = row.length
    for (const character of line) {
      if (used + width(character) > most) {
        all.push(row)
        row = continued
        used = row.length
      }
      row += character
      used += width(character)
    }
    all.push(row)
  }
  return all
}
