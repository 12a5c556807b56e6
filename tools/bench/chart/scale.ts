export type Scale = 'linear' | 'log'

export const placeable = (scale: Scale, value: number): boolean =>
  Number.isFinite(value) && (scale === 'linear' || value > 0)

/** Places values between two ends, the least at the first. */
export function axisOf(scale: Scale, values: readonly number[], from: number, to: number): (value: number) => number {
  const place = scale === 'log' ? Math.log10 : (value: number) => value
  const [least, most] = [place(Math.min(...values)), place(Math.max(...values))]
  return (value) => (most === least ? (from + to) / 2 : from + ((place(value) - least) / (most - least)) * (to - from))
}

/** Round numbers around the values: powers of ten on a logarithmic axis, a few equal steps from zero on a linear one. */
export function valueTicks(scale: Scale, values: readonly number[]): number[] {
  if (values.length === 0) return [1, 10]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (scale === 'log') {
    const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))]
    return Array.from({ length: Math.max(1, last - first) + 1 }, (_, at) => 10 ** (first + at)).map((tick) =>
      Number(tick.toPrecision(1)),
    )
  }
  const step = roundStep(Math.max(most, 0) / 5 || 1)
  const count = Math.max(1, Math.ceil(most / step))
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)))
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power
}
