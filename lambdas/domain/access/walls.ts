import { Refusal } from '../errors.ts'
import type { Category } from './categories.ts'

/**
 * Throws `forbidden` if a move would carry the log of a room past a wall: to people whom its present category denies, or
 * between categories of which only one keeps history.
 */
export function requireNoWall(from: Category | undefined, to: Category): void {
  const denied = new Set(to.denied)
  const opens = from?.denied.some((principal) => !denied.has(principal)) ?? true
  if (!opens && from?.history === to.history) return
  throw new Refusal('forbidden', 'Only an administrator may move a room past what its category denies or keeps.', {
    details: { field: 'categoryId' },
  })
}
