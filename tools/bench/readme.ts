import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { type Chart, svgOf } from './chart/chart.ts'
import type { Findings } from './report.ts'

/** Replaces the text between the markers of a part, and the part's charts in the folder `charts` beside the file. */
export function write(file: string, name: string, { text: body, charts = {} }: Findings): void {
  const text = readFileSync(file, 'utf8')
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} has no markers for ${name}.`)
  const images = Object.entries(charts).map(([chartName, chart]) =>
    writeChart(dirname(file), `${name}-${chartName}`, chart),
  )
  const parts = [stamp(name), body, ...images]
  writeFileSync(file, `${text.slice(0, from + start.length)}\n\n${parts.join('\n\n')}\n\n${text.slice(to)}`)
}

/** Writes a chart to a file and returns the Markdown that shows it. */
function writeChart(folder: string, name: string, chart: Chart): string {
  mkdirSync(join(folder, 'charts'), { recursive: true })
  writeFileSync(join(folder, 'charts', `${name}.svg`), svgOf(chart))
  return `![${chart.title.replace(/[[\]]/g, '')}](charts/${name}.svg)`
}

/** The circumstances of a measurement: command, day, machine. */
function stamp(name: string): string {
  const day = new Date().toISOString().slice(0, 10)
  const busy = `load average ${(loadavg()[0] ?? 0).toFixed(1)} at its end`
  return `\`npm run bench -- ${name}\`, ${day}, ${cpus().length} cores (${busy}), Node ${process.versions.node}`
}
