import { Refusal } from '../errors.ts'
import type { Category } from './categories.ts'

/**
 * Throws `forbidden` if the log of a room would pass a wall by moving along: to those whom its category denies, or to or
 * from a category without history.
 */
export function requireNoWall(from: Category | undefined, to: Category): void {
  const denied = new Set(to.denied)
  const opens = from?.denied.some((principal) => !denied.has(principal)) ?? true
  if (!opens && from?.history === to.history) return
  throw new Refusal('forbidden', 'Only an administrator may move a room past what its category denies or keeps.', {
    details: { field: 'categoryId' },
  })
}
