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

  /** Ends a handshake with an event, as platforms do; an open socket raises none, as on a dead network. */
  close(...args: unknown[]): void {
    this.closes.push(args)
    if (this.readyState !== 0) return
    this.readyState = 3
    this.raise('close')
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
