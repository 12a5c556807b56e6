/** `p50 12 ms, p90 20 ms, p99 31 ms of 90`: each is a figure that was measured, and none lies between two. */
export function percentiles(figures: readonly number[]): string {
  const sorted = [...figures].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? 0
  return `${[50, 90, 99].map((percent) => `p${percent} ${at(percent / 100)} ms`).join(', ')} of ${sorted.length}`
}
