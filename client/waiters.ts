import { type AbortSignalLike, onAbort, throwIfAborted } from './abort.ts'

interface Waiter<Value> {
  resolve(value: Value): void
  reject(error: unknown): void
  /** Stops listening to the signal. */
  stop(): void
}

/** Promises that wait for the same value, each until its signal is aborted. */
export class Waiters<Value> {
  readonly #waiting = new Set<Waiter<Value>>()

  /** Rejects with the error that `reject` is given, or with the reason of the signal. */
  async wait(signal?: AbortSignalLike): Promise<Value> {
    throwIfAborted(signal)
    return new Promise((resolve, reject) => {
      const { stop } = onAbort(signal, (reason) => {
        this.#waiting.delete(waiter)
        reject(reason)
      })
      const waiter: Waiter<Value> = { resolve, reject, stop }
      this.#waiting.add(waiter)
    })
  }

  resolve(value: Value): void {
    for (const waiter of this.#take()) waiter.resolve(value)
  }

  reject(error: Error): void {
    for (const waiter of this.#take()) waiter.reject(error)
  }

  /** Removes and returns all waiters. */
  #take(): Waiter<Value>[] {
    const all = [...this.#waiting]
    this.#waiting.clear()
    for (const { stop } of all) stop()
    return all
  }
}
