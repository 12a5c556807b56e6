import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** MiB of memory that is really there. */
export interface Resident {
  /** The most since the process was asked to forget. */
  peak: number
  now: number
}

/** Of one process. Linux tells it. */
export function residentOf(pid: number): Resident {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  return { peak: mebibytes('VmHWM'), now: mebibytes('VmRSS') }
}

/** The peak begins anew from what there is now. */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')

/** The process of a program that this one has started, however far below. */
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
