/** Removes the listener. A second call has no effect. */
export type Unsubscribe = () => void

/** Listeners by the name of an event. `Events` maps each name to the value that its listeners receive. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>()
  #closed = false

  /** Calls the listener at every later event of this name. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    // Wrapped, so that a function that is added twice is called twice.
    const own = (event: Events[Name]) => listener(event)
    listeners.add(own)
    return () => void listeners.delete(own)
  }

  /** Removes all listeners; later events have no effect. */
  close(): void {
    this.#closed = true
    this.#listeners.clear()
  }

  /** Calls the listeners in the order in which they were added. An error in one of them does not stop the others. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    if (this.#closed) return
    const listeners = this.#listeners.get(name) as Set<(event: Events[Name]) => void> | undefined
    for (const listener of [...(listeners ?? [])]) {
      try {
        listener(event)
      } catch (error) {
        // As for event listeners of the platform, the error becomes an uncaught error.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
