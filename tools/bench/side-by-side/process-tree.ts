import { readdirSync, readFileSync } from 'node:fs'

/** Watches a process and its descendants. The returned function gives their processor time since then in milliseconds. */
export function watchTree(root: number): () => number {
  const before = threadTimes(root)
  return () => {
    let nanoseconds = 0
    for (const [thread, spent] of threadTimes(root)) nanoseconds += spent - (before.get(thread) ?? 0)
    return nanoseconds / 1e6
  }
}

/** The run time of each thread in nanoseconds, from Linux; the ticks of a process are 10 ms, which is too coarse. */
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
    // The program name in parentheses may have any characters.
    .map((id) => [Number(id), Number(read(`/proc/${id}/stat`).split(') ').at(-1)?.split(' ')[1])] as const)
  const tree = [root]
  for (const known of tree) tree.push(...parents.filter(([, parent]) => parent === known).map(([id]) => id))
  return tree
}

/** Empty for a process that has ended meanwhile. */
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
