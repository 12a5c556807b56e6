import type { Caller } from './callers.ts'
import type { Faults } from './faults.ts'

/** On which side of a call the caller's environment ends, where it does. */
export function sideOfDeath(faults: Faults, _caller: Caller): 'before' | 'after' | undefined {
  if (!faults.strikes('killAtCall')) return undefined
  return faults.amount('killAtCall') < 0.5 ? 'before' : 'after'
}
