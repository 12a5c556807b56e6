import { addSpending, noSpending, type Spending } from './spending.ts'

/** The part of what is left of each limit that may be pending in one environment, and the least that is worth a write. */
const slack = {
  units: { part: 1 / 100, least: 100 },
  messages: { part: 1 / 16, least: 0 },
  bad: { part: 1 / 10, least: 0 },
  refused: { part: 1 / 10, least: 9 },
} as const

/** A client that ignores this many times the refusals in one window is no client that only waits too little. */
const floodTimes = 20

/** What one environment knows of the spending of a user in one window. */
export class Account {
  readonly window: number
  /** Whether the user ignored refusals in the window before as well; undefined until it was looked up. */
  goesOn: boolean | undefined
  readonly #limits: Spending
  /** The sum in the store when this environment added to it last. */
  #known: Readonly<Spending> = noSpending
  /** Spent in this environment and not added to the store. */
  #pending: Spending = { ...noSpending }

  constructor(window: number, limits: Spending) {
    this.window = window
    this.#limits = limits
  }

  get isOver(): boolean {
    return this.#known.units > this.#limits.units || this.#known.messages > this.#limits.messages
  }

  /** True if the store knows of so many frames of a kind that no honest client sends more. */
  exceeds(kind: 'bad' | 'refused'): boolean {
    return this.#known[kind] >= this.#limits[kind]
  }

  /** True if the user sends on at such a rate after refusals that the refusals alone would cost a part of the budget. */
  get floods(): boolean {
    return this.#known.refused >= this.#limits.refused * floodTimes
  }

  count(spent: Partial<Spending>): void {
    addSpending(this.#pending, spent)
  }

  /** Whether more is pending than the slack. Of a user who is over the budget only bad and refused frames matter. */
  get isDue(): boolean {
    const isDue = (kind: keyof Spending) => {
      const left = Math.max(0, this.#limits[kind] - this.#known[kind])
      return this.#pending[kind] > Math.max(slack[kind].least, left * slack[kind].part)
    }
    return isDue('bad') || isDue('refused') || (!this.isOver && (isDue('units') || isDue('messages')))
  }

  /** Adds what is pending to the store. If the store fails, it stays pending. */
  async share(add: (spent: Spending) => Promise<Spending>): Promise<void> {
    const adding = this.#pending
    this.#pending = { ...noSpending }
    try {
      this.#known = await add(adding)
    } catch (error) {
      addSpending(this.#pending, adding)
      throw error
    }
  }
}
