import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { type Chart, drawn } from './chart/chart.ts'

export { rounded } from './chart/numbers.ts'

export type Cell = string | number

/** What a part has measured: a text with tables, and charts by name. */
export interface Findings {
  text: string
  charts?: { [name: string]: Chart }
}

export interface Section extends Findings {
  /** Between which markers of the README it stands. */
  name: string
}

/** Numbers stand right, words left. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = (column: number) => rows.every((row) => typeof row[column] === 'number' || row[column] === '–')
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (numeric(column) ? '--:' : '---'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** Says plainly whether a figure keeps within its target. */
export const verdict = (value: number, most: number): string =>
  `≤ ${most}: ${value <= most ? 'holds' : '**does not hold**'}`

export function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Replaces what stands between the markers of each section, and its charts in files beside; what is around them stays. */
export function write(file: string, sections: readonly Section[]): void {
  let text = readFileSync(file, 'utf8')
  for (const { name, text: body, charts = {} } of sections) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [from, to] = [text.indexOf(start), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`${file} has no markers for ${name}.`)
    const pictures = Object.entries(charts).map(([own, chart]) => picture(dirname(file), `${name}-${own}`, chart))
    const parts = [stamp(name), body, ...pictures]
    text = `${text.slice(0, from + start.length)}\n\n${parts.join('\n\n')}\n\n${text.slice(to)}`
  }
  writeFileSync(file, text)
}

/** Draws a chart into a file of its own; what it answers shows it in a text of the folder. */
function picture(folder: string, name: string, chart: Chart): string {
  mkdirSync(join(folder, 'charts'), { recursive: true })
  writeFileSync(join(folder, 'charts', `${name}.svg`), drawn(chart))
  return `![${chart.title.replace(/[[\]]/g, '')}](charts/${name}.svg)`
}

function stamp(name: string): string {
  const day = new Date().toISOString().slice(0, 10)
  const busy = `load average ${(loadavg()[0] ?? 0).toFixed(1)} at its end`
  return `\`npm run bench -- ${name}\`, ${day}, ${cpus().length} cores (${busy}), Node ${process.versions.node}`
}
