import { cpus } from 'node:os'

const busyShare = 0.85

/** What it answers says whether the processors of this machine were busy since it was made. */
export function watchProcessors(): () => boolean {
  const began = times()
  return () => {
    const [idle, all] = times().map((now, at) => now - (began[at] ?? 0))
    return all !== undefined && idle !== undefined && all > 0 && 1 - idle / all > busyShare
  }
}

/** Milliseconds of all processors since the machine started: idle, and altogether. */
function times(): [idle: number, all: number] {
  let [idle, all] = [0, 0]
  for (const { times: spent } of cpus()) {
    idle += spent.idle
    all += spent.user + spent.nice + spent.sys + spent.irq + spent.idle
  }
  return [idle, all]
}
