import { readFileSync } from 'node:fs'

const runbook = readFileSync('docs/runbook.md', 'utf8')

/** What the runbook says of each alarm: the names of the sections. */
export const sections: string[] = [...runbook.matchAll(/^### (.+)$/gm)].map(([, name = '']) => name)

export interface Breakage {
  broken: string
  /** A fault of the local run, or in words what a test does. */
  tried: string
  alarms: string[]
}

const table = runbook.split('## What is broken')[1]?.split('\n## ')[0] ?? ''

/** The table of what is broken and which alarms tell of it. */
export const breakages: Breakage[] = [...table.matchAll(/^\| (.+) \| (.+) \| ([a-z, -]+) \|$/gm)].flatMap(
  ([, broken = '', tried = '', alarms = '']) =>
    broken === 'broken' ? [] : [{ broken, tried: tried.replaceAll('`', ''), alarms: alarms.split(', ').sort() }],
)
