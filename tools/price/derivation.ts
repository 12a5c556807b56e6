/** A bound, its value, and the arithmetic of the value. */
export type Bound = readonly [name: string, value: number, arithmetic: string]

/** An answer with its arithmetic. */
export interface Derivation {
  question: string
  unit: string
  bounds: { name: string; value: number; arithmetic: string }[]
  value: number
  /** The bound that decides. */
  by: string
}

/** For bounds that each allow a quantity: the lowest decides. */
export const lowest = (question: string, unit: string, bounds: readonly Bound[]): Derivation =>
  decided(question, unit, bounds, (one, other) => one < other)

/** For processes at the same time: the longest decides. */
export const longest = (question: string, unit: string, bounds: readonly Bound[]): Derivation =>
  decided(question, unit, bounds, (one, other) => one > other)

function decided(
  question: string,
  unit: string,
  bounds: readonly Bound[],
  decides: (one: number, other: number) => boolean,
): Derivation {
  const [first, ...rest] = bounds
  if (!first) throw new Error('A derivation needs a bound.')
  const [by, value] = rest.reduce((decisive, bound) => (decides(bound[1], decisive[1]) ? bound : decisive), first)
  return { question, unit, bounds: bounds.map(([name, value, arithmetic]) => ({ name, value, arithmetic })), value, by }
}

/** A number as text: 12,300.25. */
export const n = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 })
