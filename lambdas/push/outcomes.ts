import type { PostOutcome } from '../aws/connections.ts'

/**
 * How many receivers came to which end; ends that none came to are left out. `unended`: sessions of those who are gone
 * that could not be ended.
 */
export type OutcomeCounts = { [outcome in PostOutcome | 'unended']?: number }

export const count = (outcomes: OutcomeCounts, outcome: PostOutcome): void => {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
}

/** Whether there is anything to say of them. */
export const hasLosses = ({ delivered: _, ...losses }: OutcomeCounts): boolean => Object.keys(losses).length > 0
