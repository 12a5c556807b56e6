/** Three digits that count, and no more. */
export function rounded(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value
  return Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value))))))
}

/** As people read it: 12,300. */
export const shown = (value: number): string => rounded(value).toLocaleString('en-US', { maximumFractionDigits: 20 })
