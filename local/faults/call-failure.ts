import type { Caller } from '../iam/identities.ts'
import type { Faults } from './faults.ts'

/** Whether the caller's environment is to be killed before or after this call; undefined if it is not. */
export function killSide(
  faults: Pick<Faults, 'happens' | 'amount'>,
  { pendingKill }: Caller,
): 'before' | 'after' | undefined {
  if (pendingKill?.calls !== undefined && !pendingKill.killed) {
    pendingKill.calls++
    pendingKill.killed = pendingKill.calls === pendingKill.call
    if (pendingKill.killed) return pendingKill.side
  }
  if (!faults.happens('killAtCall')) return undefined
  return faults.amount('killAtCall') < 0.5 ? 'before' : 'after'
}
