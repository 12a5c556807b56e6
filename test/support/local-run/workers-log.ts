/** What the workers of broadcasts tell in the log: how many of their posts came to which end. */
export class WorkersLog {
  #told: Record<string, number>[] = []
  #look = () => {}

  readonly hear = (line: string): void => {
    const said = /\{"route":"deliver".*\}/.exec(line)?.[0]
    if (said === undefined) return
    const { route: _, requestId: _id, first: _first, last: _last, ms: _ms, ...outcomes } = JSON.parse(said)
    this.#told.push(outcomes)
    this.#look()
  }

  /** The sum, once it tells of so many. It begins anew then. */
  async told(many: number): Promise<Record<string, number>> {
    await new Promise<void>((resolve) => {
      this.#look = () => Object.values(this.#sum()).reduce((a, b) => a + b, 0) >= many && resolve()
      this.#look()
    })
    const sum = this.#sum()
    this.#told = []
    return sum
  }

  #sum(): Record<string, number> {
    const sum: Record<string, number> = {}
    for (const outcomes of this.#told) {
      for (const [outcome, count] of Object.entries(outcomes)) sum[outcome] = (sum[outcome] ?? 0) + count
    }
    return sum
  }
}
