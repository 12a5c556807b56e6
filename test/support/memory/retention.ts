import type { HoldScope, RetentionScope, RetentionStore } from '../../../lambdas/domain/rooms/retention.ts'

/** The rules of retention and the legal holds in memory. */
export class MemoryRetention implements RetentionStore {
  readonly #days = new Map<string, number>()
  readonly #holds = new Map<string, HoldScope>()
  #nextRoom = ''

  async daysOf(scope: RetentionScope): Promise<number | undefined> {
    return this.#days.get(JSON.stringify(scope))
  }

  async setDays(scope: RetentionScope, days: number | undefined): Promise<void> {
    if (days === undefined) this.#days.delete(JSON.stringify(scope))
    else this.#days.set(JSON.stringify(scope), days)
  }

  async hasRules(): Promise<boolean> {
    return this.#days.size > 0
  }

  async isHeld(scope: HoldScope): Promise<boolean> {
    return this.#holds.has(JSON.stringify(scope))
  }

  async setHold(scope: HoldScope, hold: boolean): Promise<void> {
    if (hold) this.#holds.set(JSON.stringify(scope), scope)
    else this.#holds.delete(JSON.stringify(scope))
  }

  async heldUsers(): Promise<Set<string>> {
    return new Set([...this.#holds.values()].flatMap((scope) => ('user' in scope ? [scope.user] : [])))
  }

  async nextRoom(): Promise<string> {
    return this.#nextRoom
  }

  async setNextRoom(roomId: string): Promise<void> {
    this.#nextRoom = roomId
  }
}
