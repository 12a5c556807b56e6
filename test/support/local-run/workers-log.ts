const known = ['delivered', 'gone', 'late', 'throttled', 'refused', 'failed', 'unended'] as const

/** Reads from the log of the delivery workers how many posts had which outcome. */
export class WorkersLog {
  #entries: Record<string, number>[] = []
  #check = () => {}

  readonly read = (line: string): void => {
    const json = /\{.*"verb":"deliver".*\}/.exec(line)?.[0]
    if (json === undefined) return
    const fields: Record<string, number> = JSON.parse(json)
    this.#entries.push(Object.fromEntries(known.flatMap((name) => (fields[name] ? [[name, fields[name]]] : []))))
    this.#check()
  }

  /** Resolves with the counts by outcome when they add up to `total`, and starts again from zero. */
  async outcomes(total: number): Promise<Record<string, number>> {
    await new Promise<void>((resolve) => {
      this.#check = () => Object.values(this.#sum()).reduce((a, b) => a + b, 0) >= total && resolve()
      this.#check()
    })
    const sum = this.#sum()
    this.#entries = []
    return sum
  }

  #sum(): Record<string, number> {
    const sum: Record<string, number> = {}
    for (const outcomes of this.#entries) {
      for (const [outcome, count] of Object.entries(outcomes)) sum[outcome] = (sum[outcome] ?? 0) + count
    }
    return sum
  }
}
