import { rm } from 'node:fs/promises'
import { scratchFolder } from '../../../local/scratch.ts'
import { synthesize } from '../../../local/template/load.ts'
import type { Findings } from '../report.ts'
import { type Extent, type Used, usedAt } from './scene.ts'
import { type Axis, axes, chartOf, type Grown, tableOf } from './table.ts'

const base: Extent = { rooms: 100, members: 10, messages: 1000 }
const steps = [3, 10]

/** What everything uses when there are more rooms, more members, more messages: one of them at a time. */
export async function growth(): Promise<Findings> {
  const template = await scratchFolder()
  try {
    await synthesize({ root: process.cwd(), outDir: template, context: {}, signal: new AbortController().signal })
    const begun = await usedAt(template, base)
    const along = async (axis: Axis): Promise<ReadonlyMap<number, Used>> => {
      const grown = new Map([[1, begun]])
      for (const times of steps) grown.set(times, await usedAt(template, { ...base, [axis]: base[axis] * times }))
      return grown
    }
    const grown: Grown = {
      rooms: await along('rooms'),
      members: await along('members'),
      messages: await along('messages'),
    }
    return { text: tableOf(grown, base), charts: Object.fromEntries(axes.map((axis) => [axis, chartOf(grown, axis)])) }
  } finally {
    await rm(template, { recursive: true, force: true })
  }
}
