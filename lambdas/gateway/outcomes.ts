import type { Outcome } from './connections.ts'

/** How many posts came to which end; ends that none came to are left out. */
export type Outcomes = { [outcome in Outcome]?: number }

export const count = (outcomes: Outcomes, outcome: Outcome): void => {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
}

/** Whether there is anything to say of them. */
export const hasLosses = ({ delivered: _, ...losses }: Outcomes): boolean => Object.keys(losses).length > 0
