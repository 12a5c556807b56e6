import { type AbortSignalLike, type Aborts, onAbort } from './abort.ts'

interface Waiter<Value> {
  resolve(value: Value): void
  reject(error: unknown): void
  readonly aborts: Aborts
}

/** Promises that wait for the same value, each until its signal is aborted. */
export class Waiters<Value> {
  #waiting: Waiter<Value>[] = []

  /** Rejects with what `reject` is given, or with the reason of the signal. */
  wait(signal?: AbortSignalLike): Promise<Value> {
    return new Promise((resolve, reject) => {
      const waiter = {
        resolve,
        reject,
        aborts: onAbort(signal, (reason) => {
          this.#waiting = this.#waiting.filter((other) => other !== waiter)
          reject(reason)
        }),
      }
      if (!waiter.aborts.aborted) this.#waiting.push(waiter)
    })
  }

  resolve(value: Value): void {
    for (const waiter of this.#all()) waiter.resolve(value)
  }

  reject(error: Error): void {
    for (const waiter of this.#all()) waiter.reject(error)
  }

  #all(): Waiter<Value>[] {
    const all = this.#waiting
    this.#waiting = []
    for (const { aborts } of all) aborts.stop()
    return all
  }
}
