import { readdirSync, readFileSync } from 'node:fs'

/** All processes that were started with this text in their environment. Works on Linux only. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(text))
    .map(Number)
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    // The process has ended, or it belongs to another user.
    return ''
  }
}

/** Resolves when all processes with this text have ended. */
export async function allEnded(text: string): Promise<void> {
  while (processesWith(text).length > 0) await new Promise((resolve) => setImmediate(resolve))
}
