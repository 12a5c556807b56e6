import { readdirSync, readFileSync } from 'node:fs'

/** Starts to watch a process and all that it started; what it answers tells their milliseconds on a processor since then. */
export function watchTree(root: number): () => number {
  const before = threadTimes(root)
  return () => {
    let nanoseconds = 0
    for (const [thread, spent] of threadTimes(root)) nanoseconds += spent - (before.get(thread) ?? 0)
    return nanoseconds / 1e6
  }
}

/** Of every thread the nanoseconds that it ran. Linux tells them; a process's own ticks of 10 ms are too coarse. */
function threadTimes(root: number): Map<string, number> {
  const times = new Map<string, number>()
  for (const process of treeOf(root)) {
    for (const thread of listed(`/proc/${process}/task`)) {
      const [spent = '0'] = read(`/proc/${process}/task/${thread}/schedstat`).split(' ')
      times.set(thread, Number(spent))
    }
  }
  return times
}

function treeOf(root: number): number[] {
  const parents = listed('/proc')
    .filter((name) => /^\d+$/.test(name))
    // The name of the program, in parentheses, may hold anything.
    .map((id) => [Number(id), Number(read(`/proc/${id}/stat`).split(') ').at(-1)?.split(' ')[1])] as const)
  const tree = [root]
  for (const known of tree) tree.push(...parents.filter(([, parent]) => parent === known).map(([id]) => id))
  return tree
}

/** Nothing for what ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
