/** The requests to the clients of a storm. */
export interface StormRequests {
  /** Connects clients and joins them, spread evenly over the rooms. */
  join: { request: { count: number; rooms: string[] }; reply: null }
  /** Cuts all connections at once. Replies when all clients have joined again. */
  cut: { request: null; reply: Back }
  /** Replies when all clients have the messages of their rooms up to the heads. */
  complete: { request: { heads: Record<string, number> }; reply: Completeness }
}

export interface Back {
  /** Milliseconds after which each client had joined again, ascending. */
  back: number[]
  /** All handshakes, including refused ones. */
  handshakes: number
}

export interface Completeness {
  complete: number
  /** Clients that received a message twice or out of order. */
  flawed: number
}
