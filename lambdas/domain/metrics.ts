/** What the work of a request counts, for whoever watches the service. `lambdas/bindings.ts` says what each one means. */
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
