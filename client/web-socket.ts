/** The part of the platform's WebSocket that the client uses. Browsers, Node 22 and the package `ws` have it. */
export interface WebSocketLike {
  /** 1 is open. */
  readonly readyState: number
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open', listener: () => void): void
  /** The event may have details: the code of a close, the message of an error. */
  addEventListener(type: 'close' | 'error', listener: (event?: unknown) => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike

/** The WebSocket of the platform. Throws a TypeError if it has none. */
export function platformWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor }
  if (!WebSocket) throw new TypeError('This platform has no WebSocket; pass one as `webSocket`.')
  return WebSocket
}
