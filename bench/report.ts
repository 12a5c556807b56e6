import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

export type Cell = string | number

export interface Section {
  /** Between which markers of the README it stands. */
  name: string
  text: string
}

/** Numbers stand right, words left. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = (column: number) => rows.every((row) => typeof row[column] === 'number' || row[column] === '–')
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (numeric(column) ? '--:' : '---'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** Three digits that count, and no more. */
export function rounded(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value
  return Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value))))))
}

/** Says plainly whether a figure keeps within its target. */
export const verdict = (value: number, most: number): string =>
  `≤ ${most}: ${value <= most ? 'holds' : '**does not hold**'}`

export function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Replaces what stands between the markers of each section; what is around them stays. */
export function write(file: string, sections: readonly Section[]): void {
  let text = readFileSync(file, 'utf8')
  for (const { name, text: body } of sections) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [from, to] = [text.indexOf(start), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`${file} has no markers for ${name}.`)
    text = `${text.slice(0, from + start.length)}\n\n${stamp(name)}\n\n${body}\n\n${text.slice(to)}`
  }
  writeFileSync(file, text)
}

function stamp(name: string): string {
  const day = new Date().toISOString().slice(0, 10)
  const busy = `load average ${(loadavg()[0] ?? 0).toFixed(1)} at its end`
  return `\`npm run bench -- ${name}\`, ${day}, ${cpus().length} cores (${busy}), Node ${process.versions.node}`
}
