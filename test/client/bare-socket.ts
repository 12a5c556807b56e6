import type { WebSocketLike } from '../../client/index.ts'

/** A WebSocket whose events a test raises. It writes down what it is told to do. */
export class BareSocket implements WebSocketLike {
  readyState = 0
  readonly sent: string[] = []
  readonly closes: unknown[][] = []
  readonly #listeners = new Map<string, ((event?: unknown) => void)[]>()

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener as (event?: unknown) => void])
  }

  send(text: string): void {
    this.sent.push(text)
  }

  /** Like a socket on a dead network, it raises no event then. */
  close(...args: unknown[]): void {
    this.closes.push(args)
  }

  raise(type: 'open' | 'close' | 'error' | 'message', event?: unknown): void {
    if (type === 'open') this.readyState = 1
    for (const listener of this.#listeners.get(type) ?? []) listener(event)
  }

  /** Raises a message with this text, or with this frame as JSON. */
  say(frame: string | object): void {
    this.raise('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) })
  }
}
