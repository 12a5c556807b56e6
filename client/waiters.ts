import { type AbortSignalLike, type Aborts, onAbort, throwIfAborted } from './abort.ts'

interface Waiter<Value> {
  resolve(value: Value): void
  reject(error: unknown): void
  readonly aborts: Aborts
}

/** Promises that wait for the same value, each until its signal is aborted. */
export class Waiters<Value> {
  readonly #waiting = new Set<Waiter<Value>>()

  /** Rejects with what `reject` is given, or with the reason of the signal. */
  async wait(signal?: AbortSignalLike): Promise<Value> {
    throwIfAborted(signal)
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        this.#waiting.delete(waiter)
        reject(reason)
      }
      const waiter: Waiter<Value> = { resolve, reject, aborts: onAbort(signal, giveUp) }
      this.#waiting.add(waiter)
    })
  }

  resolve(value: Value): void {
    for (const waiter of this.#all()) waiter.resolve(value)
  }

  reject(error: Error): void {
    for (const waiter of this.#all()) waiter.reject(error)
  }

  #all(): Waiter<Value>[] {
    const all = [...this.#waiting]
    this.#waiting.clear()
    for (const { aborts } of all) aborts.stop()
    return all
  }
}
