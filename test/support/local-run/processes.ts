import { readdirSync, readFileSync } from 'node:fs'

/** The processes that were started, by whomever, with this text in their environment. Linux keeps it to be read. */
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
    // It ended meanwhile, or is another user's.
    return ''
  }
}

/** Asks until the last of them is gone. */
export async function goneWith(text: string): Promise<void> {
  while (processesWith(text).length > 0) await new Promise((resolve) => setImmediate(resolve))
}
