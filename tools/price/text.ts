/** A table with words to the left and numbers to the right. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)))
  const isNumeric = head.map((_, at) => rows.every((row) => /^[-\d$–]/.test(row[at] ?? '')))
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (isNumeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

/** Dollars and cents; small amounts have more digits. */
export const dollars = (usd: number): string =>
  `$${usd >= 0.1 || usd === 0 ? grouped(usd.toFixed(2)) : usd.toPrecision(2)}`

/** Three significant digits below a thousand, whole numbers above. */
export const count = (value: number): string =>
  grouped(Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3))))

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')
