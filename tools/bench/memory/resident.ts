import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Resident memory in MiB. */
export interface Resident {
  /** The maximum since the last reset. */
  peak: number
  now: number
}

/** The resident memory of one process, read from Linux. */
export function residentOf(pid: number): Resident {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  return { peak: mebibytes('VmHWM'), now: mebibytes('VmRSS') }
}

/** Sets the peak to the present value. */
export const resetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')

/** The id of a descendant of this process that runs the program, or 0. */
export function startedBy(pid: number, program: string): number {
  for (const child of childrenOf(pid)) {
    const found = nameOf(child) === program ? child : startedBy(child, program)
    if (found > 0) return found
  }
  return 0
}

const nameOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()

const childrenOf = (pid: number) =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
