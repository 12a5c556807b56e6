/** Calls off what `on` arranged; calling it again does nothing. */
export type Unsubscribe = () => void

/** Listeners by the name of an event. `Events` maps each name to what its listeners are given. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>()
  #closed = false

  /** Calls the listener at every such event from now on. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    // Wrapped, so that one function given twice is two subscriptions.
    const own = (event: Events[Name]) => listener(event)
    listeners.add(own)
    return () => void listeners.delete(own)
  }

  /** No listener is called any more. */
  close(): void {
    this.#closed = true
    this.#listeners.clear()
  }

  /** Calls the listeners in the order in which they came. What one of them throws does not stop the others. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    if (this.#closed) return
    const listeners = this.#listeners.get(name) as Set<(event: Events[Name]) => void> | undefined
    for (const listener of [...(listeners ?? [])]) {
      try {
        listener(event)
      } catch (error) {
        // As the platform treats listeners of its own: the error is uncaught, the chat goes on.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
