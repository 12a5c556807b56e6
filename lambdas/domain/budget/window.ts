import { hashOf } from './hash.ts'

/** The length of a window in milliseconds. */
export const windowMs = 60_000

/** The window of a user at a time. Windows of users begin at different moments, so that not all budgets renew at once. */
export function windowAt(user: string, now: number): { window: number; endsInMs: number } {
  const shifted = now + (hashOf(user) % windowMs)
  return { window: Math.floor(shifted / windowMs), endsInMs: windowMs - (shifted % windowMs) }
}
