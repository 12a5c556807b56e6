/** What a user spends: units of cost, stored messages, frames that cannot be read, and frames refused for their cost. */
export interface Spending {
  units: number
  messages: number
  bad: number
  refused: number
}

export const noSpending: Readonly<Spending> = { units: 0, messages: 0, bad: 0, refused: 0 }

/** Adds part of a spending to a whole one. */
export function addSpending(to: Spending, more: Partial<Spending>): void {
  to.units += more.units ?? 0
  to.messages += more.messages ?? 0
  to.bad += more.bad ?? 0
  to.refused += more.refused ?? 0
}

/** The price of each kind of access in units. A unit is the price of reading 4 KB with strong consistency. */
export const unitsOf = { read: 1, write: 5, post: 1, frame: 10 } as const
