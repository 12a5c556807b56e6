import { timesLimits } from '../apps.ts'
import type { Clock, Random } from '../clock.ts'
import { ShutOut, slowDown } from '../errors.ts'
import { Account } from './account.ts'
import { LatestKeys } from './latest-keys.ts'
import { type Spending, unitsOf } from './spending.ts'
import { windowAt, windowMs } from './window.ts'

/** What all functions know together of the users who spend much. */
export interface BudgetStore {
  /** Adds to what the user spent in this window, and returns the sum. */
  add(user: string, window: number, spent: Spending): Promise<Spending>
  /** What the user spent in this window, as far as it was added. */
  spent(user: string, window: number): Promise<Spending>
  /** Shuts the user out until this time, in milliseconds since 1970. */
  shutOut(user: string, until: number): Promise<void>
  /** The end of the time for which the user is shut out; 0 if there is none. */
  shutOutUntil(user: string): Promise<number>
}

export interface BudgetPorts {
  store: BudgetStore
  clock: Pick<Clock, 'now'> & Random
  /** Called with each error of the store. A store that fails must not stop the chat. */
  onError(error: unknown): void
}

/** Users who were refused at once do not come back at once. */
const spreadMs = 1000

/**
 * The budget of each user for a minute, shared by all functions. An environment counts by itself, and adds to the store
 * what exceeds a small slack, so a user who spends little causes no write. A user may overdraw it by the slack of each
 * environment and by the calls that run at once; and one minute may hold the ends of two windows.
 */
export class UserBudget {
  readonly #limits: Spending
  readonly #ports: BudgetPorts
  readonly #accounts = new LatestKeys<Account>()

  constructor(limits: Spending, ports: BudgetPorts) {
    this.#limits = limits
    this.#ports = ports
  }

  /**
   * Counts work before it is done, and refuses a user who is over the budget: `rate_limited` with the time until the
   * window ends, or `ShutOut` for a user who goes on in spite of it.
   */
  async charge(user: string, spent: Partial<Spending>): Promise<void> {
    const account = this.#account(user)
    account.count(spent)
    await this.#share(user, account)
    if (!account.isOver) return
    // The refused work is not done, but its frame was received.
    account.count({ units: unitsOf.frame - (spent.units ?? 0), messages: -(spent.messages ?? 0), refused: 1 })
    await this.#share(user, account)
    if (account.floods || (account.exceeds('refused') && (await this.#goesOn(user, account))))
      throw await this.#shutOut(user)
    throw slowDown(this.#endsInMs(user) + this.#ports.clock.random() * spreadMs)
  }

  /** Counts what is known when the work is done; a negative number where the price was too high. */
  async settle(user: string, spent: Partial<Spending>): Promise<void> {
    const account = this.#account(user)
    account.count(spent)
    await this.#share(user, account)
  }

  /** Counts a frame that cannot be read, and shuts out a user who sends too many of them. */
  async countBad(user: string): Promise<void> {
    const account = this.#account(user)
    account.count({ bad: 1 })
    await this.#share(user, account)
    if (account.exceeds('bad')) throw await this.#shutOut(user)
  }

  /** The end of the time for which the user is shut out; 0 if there is none. */
  shutOutUntil(user: string): Promise<number> {
    return this.#ports.store.shutOutUntil(user).catch((error) => {
      this.#ports.onError(error)
      return 0
    })
  }

  #account(user: string): Account {
    const { window } = windowAt(user, this.#ports.clock.now())
    const known = this.#accounts.get(user)
    if (known?.window === window) return known
    const { units, messages, bad, refused } = this.#limits
    const times = timesLimits(user)
    return this.#accounts.set(
      user,
      new Account(window, { units: units * times, messages: messages * times, bad, refused }),
    )
  }

  #endsInMs(user: string): number {
    return windowAt(user, this.#ports.clock.now()).endsInMs
  }

  async #share(user: string, account: Account): Promise<void> {
    if (!account.isDue) return
    await account.share((spent) => this.#ports.store.add(user, account.window, spent)).catch(this.#ports.onError)
  }

  /** True if as many frames were refused in the window before: a client that waits as told is not refused in both. */
  async #goesOn(user: string, account: Account): Promise<boolean> {
    account.goesOn ??= await this.#ports.store.spent(user, account.window - 1).then(
      ({ refused }) => refused >= this.#limits.refused,
      (error) => {
        this.#ports.onError(error)
        return undefined
      },
    )
    return account.goesOn === true
  }

  async #shutOut(user: string): Promise<ShutOut> {
    const until = this.#ports.clock.now() + windowMs
    await this.#ports.store.shutOut(user, until).catch(this.#ports.onError)
    return new ShutOut(windowMs)
  }
}
