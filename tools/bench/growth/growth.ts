import { rm } from 'node:fs/promises'
import { scratchFolder } from '../../../local/scratch.ts'
import { synthesize } from '../../../local/template/load.ts'
import type { Findings } from '../report.ts'
import { type Extent, measureAt, type Used } from './measure.ts'
import { type Axis, axes, chartOf, type Grown, tableOf } from './table.ts'

const base: Extent = { rooms: 100, members: 10, messages: 1000 }
const steps = [3, 10]

/** The use of each situation with more rooms, more members or more messages, one of these at a time. */
export async function growth(): Promise<Findings> {
  const template = await scratchFolder()
  try {
    await synthesize({ root: process.cwd(), outDir: template, context: {}, signal: new AbortController().signal })
    const first = await measureAt(template, base)
    const growAlong = async (axis: Axis): Promise<ReadonlyMap<number, Used>> => {
      const grown = new Map([[1, first]])
      for (const times of steps) grown.set(times, await measureAt(template, { ...base, [axis]: base[axis] * times }))
      return grown
    }
    const grown: Grown = {
      rooms: await growAlong('rooms'),
      members: await growAlong('members'),
      messages: await growAlong('messages'),
    }
    return { text: tableOf(grown, base), charts: Object.fromEntries(axes.map((axis) => [axis, chartOf(grown, axis)])) }
  } finally {
    await rm(template, { recursive: true, force: true })
  }
}
