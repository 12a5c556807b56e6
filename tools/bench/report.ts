import type { Chart } from './chart/chart.ts'

export { rounded } from './chart/numbers.ts'

export type Cell = string | number

/** The results of a part: a text with tables, and charts by name. */
export interface Findings {
  text: string
  charts?: { [name: string]: Chart }
}

/** A Markdown table with numbers to the right and words to the left. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = (column: number) => rows.every((row) => typeof row[column] === 'number' || row[column] === '–')
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (numeric(column) ? '--:' : '---'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** States whether a figure keeps within its target. */
export const verdict = (value: number, most: number): string =>
  `≤ ${most}: ${value <= most ? 'holds' : '**does not hold**'}`
