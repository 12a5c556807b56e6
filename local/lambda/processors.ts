import { cpus } from 'node:os'

/** Returns a function that answers how busy the processors were since this call, as a share of the time. */
export function watchProcessors(): () => number {
  const before = times()
  return () => {
    const after = times()
    return (after.busy - before.busy) / Math.max(1, after.all - before.all)
  }
}

/** Milliseconds since the machine started, summed over all processors. */
function times(): { busy: number; all: number } {
  const total = { busy: 0, all: 0 }
  for (const { times: spent } of cpus()) {
    const all = spent.user + spent.nice + spent.sys + spent.idle + spent.irq
    total.all += all
    total.busy += all - spent.idle
  }
  return total
}
