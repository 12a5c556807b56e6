import type { Verb } from './counts.ts'

/**
 * How long functions run, which is billed. A local run cannot tell: its database is in the same machine, its processor
 * is another. So these are assumptions, each with its reason, to be replaced by what one's own logs say.
 */
export const assumed = {
  /** Milliseconds that a function waits for DynamoDB each time. Amazon promises single digits. */
  roundTripMs: 6,
  /** Milliseconds that a post is under way, and how many are under way at once (`lanes` of lambdas/domain/concurrency.ts). */
  postMs: 12,
  postsAtOnce: 50,
  /** Of a whole processor, for each post: between a warm process and a fresh one as `npm run bench -- posting` finds them, 0.05 and 0.22. */
  postProcessorMs: 0.15,
  /** A function with so much memory has a whole processor, with less its share. */
  wholeProcessorMegabytes: 1769,
  /** Of 100 invocations one begins with a start, which is billed: "under 1 %", says Amazon. */
  coldShare: 0.01,
  coldMs: 250,
  /** What Lambda and the function write into the log about one invocation: START, END, REPORT and a line of ours. */
  logBytes: 600,
  /** An item takes this many bytes beyond its own. */
  itemOverheadBytes: 100,
  /** A line of the record: somebody came or went. */
  recordBytes: 250,
} as const

/** Waits one after another, processor time of a whole processor, memory as in infra/functions.ts. */
export interface Run {
  waits: number
  processorMs: number
  megabytes: number
}

export const runs: Record<
  Exclude<Verb, 'ping' | 'sessionEnd'> | 'authorizer' | 'sessionEnd' | 'broadcast' | 'deliver',
  Run
> = {
  authorizer: { waits: 0, processorMs: 2, megabytes: 512 },
  connect: { waits: 2, processorMs: 2, megabytes: 512 },
  hello: { waits: 0, processorMs: 1, megabytes: 512 },
  invitations: { waits: 1, processorMs: 2, megabytes: 512 },
  // Rights, the session in a transaction, rights once more, the voice in a transaction.
  join: { waits: 8, processorMs: 8, megabytes: 1024 },
  // Session and log together, the put, the roster.
  send: { waits: 3, processorMs: 3, megabytes: 1769 },
  history: { waits: 2, processorMs: 5, megabytes: 1024 },
  sync: { waits: 2, processorMs: 3, megabytes: 512 },
  leave: { waits: 4, processorMs: 3, megabytes: 512 },
  disconnect: { waits: 1, processorMs: 1, megabytes: 512 },
  sessionEnd: { waits: 4, processorMs: 1, megabytes: 512 },
  broadcast: { waits: 2, processorMs: 5, megabytes: 1769 },
  deliver: { waits: 1, processorMs: 5, megabytes: 1769 },
}
