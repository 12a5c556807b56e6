/** A bound, what it allows or takes, and how that is reckoned. */
export type Bound = readonly [name: string, value: number, arithmetic: string]

/** An answer with the arithmetic that leads to it. */
export interface Reckoning {
  question: string
  unit: string
  bounds: { name: string; value: number; arithmetic: string }[]
  value: number
  /** The bound that decides. */
  by: string
}

/** Where each bound allows so much, the narrowest decides. */
export const least = (question: string, unit: string, bounds: readonly Bound[]): Reckoning =>
  decided(question, unit, bounds, (one, other) => one < other)

/** What goes on side by side takes as long as the longest of it. */
export const most = (question: string, unit: string, bounds: readonly Bound[]): Reckoning =>
  decided(question, unit, bounds, (one, other) => one > other)

function decided(
  question: string,
  unit: string,
  bounds: readonly Bound[],
  isNarrower: (one: number, other: number) => boolean,
): Reckoning {
  const [first, ...rest] = bounds
  if (!first) throw new Error('Nothing bounds it.')
  const [by, value] = rest.reduce((narrowest, bound) => (isNarrower(bound[1], narrowest[1]) ? bound : narrowest), first)
  return { question, unit, bounds: bounds.map(([name, value, arithmetic]) => ({ name, value, arithmetic })), value, by }
}

export const n = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 })
