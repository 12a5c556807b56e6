import { cpus } from 'node:os'

/** Starts to watch; what it answers tells how much of all processors was busy since then, in percent, whoever used them. */
export function watchProcessors(): () => number {
  const before = times()
  return () => {
    const after = times()
    return Math.round((100 * (after.busy - before.busy)) / (after.all - before.all))
  }
}

function times(): { busy: number; all: number } {
  const total = { busy: 0, all: 0 }
  for (const { times: spent } of cpus()) {
    const all = spent.user + spent.nice + spent.sys + spent.idle + spent.irq
    total.all += all
    total.busy += all - spent.idle
  }
  return total
}
