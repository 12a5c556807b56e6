import type { Caller } from '../iam/identities.ts'
import type { Faults } from './faults.ts'

/** On which side of a call the caller's environment ends, where it does. */
export function sideOfDeath(
  faults: Pick<Faults, 'strikes' | 'amount'>,
  { doomed }: Caller,
): 'before' | 'after' | undefined {
  if (doomed?.calls !== undefined && !doomed.struck) {
    doomed.calls++
    doomed.struck = doomed.calls === doomed.call
    if (doomed.struck) return doomed.side
  }
  if (!faults.strikes('killAtCall')) return undefined
  return faults.amount('killAtCall') < 0.5 ? 'before' : 'after'
}
