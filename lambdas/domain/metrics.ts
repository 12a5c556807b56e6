/** A message is slow if its last post is made later than this after it was stored, in milliseconds. */
export const slowSendMs = 1000

/** What the work of a request counts. `lambdas/bindings.ts` has the unit and the dimensions of each. */
export type Figure =
  | 'Requests'
  | 'Refused'
  | 'Internal'
  | 'Latency'
  | 'ColdStart'
  | 'Units'
  | 'SendToHanded'
  | 'SlowSends'
  | 'Posts'
  | 'AppendTries'
  | 'Fanout'
  | 'RateLimited'
  | 'Connections'
  | 'Evicted'
  | 'Unended'
  | 'IssuerUnreachable'
  | 'HandshakesRefused'
  | 'JobFailures'

export interface Metrics {
  /** Adds one sample of a figure to those of this request. `outcome` is a word of the code and never a text of a user. */
  count(figure: Figure, value: number, outcome?: string): void
}

/** A small fact about a request: never a token, a text of a user, or the id of a user or a room, which have hashes. */
export type Fact = Record<string, string | number | boolean | undefined>

export interface Notes {
  /** Adds a fact to the log line of this request, and what is safe to say of an error that did not end it. */
  note(fact: Fact, error?: unknown): void
}
