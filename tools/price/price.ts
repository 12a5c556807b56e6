/** A list price. */
export interface Price {
  /** The counted unit. */
  unit: string
  /** The number of units that the amount of a step pays. */
  per: number
  /** US dollars; a step applies up to `upTo` units a month, the last step without limit. */
  steps: readonly { usd: number; upTo?: number }[]
  free?: { units: number; lasts: 'always' | 'first-year' }
  region: string
  /** The date of the source. */
  date: string
  source: string
}

/** Which free allowances count: none, those that never end, or those of the first year as well. */
export const freeTiers = ['off', 'lasting', 'first-year'] as const
export type FreeTier = (typeof freeTiers)[number]

/** US dollars for a number of units in one month. */
export function charge({ steps, per, free }: Price, units: number, tier: FreeTier): number {
  const granted = free && (free.lasts === 'always' ? tier !== 'off' : tier === 'first-year') ? free.units : 0
  let rest = Math.max(0, units - granted)
  let begun = 0
  let usd = 0
  for (const { usd: each, upTo = Number.POSITIVE_INFINITY } of steps) {
    const within = Math.min(rest, upTo - begun)
    usd += (within / per) * each
    rest -= within
    begun = upTo
  }
  return usd
}
