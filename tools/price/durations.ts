import type { Verb } from './counts.ts'

/**
 * Durations of functions, which are billed. A local run cannot measure them, as its database and its processor are not
 * those of the cloud. These are assumptions with reasons; replace them by the figures in the logs of a deployment.
 */
export const assumed = {
  /** Milliseconds of one request to DynamoDB. Amazon promises single digits. */
  roundTripMs: 6,
  /** Milliseconds of one post, and the number of posts at the same time. */
  postMs: 12,
  postsAtOnce: 50,
  /** Time on a whole processor for each post. `npm run bench -- posting` measures 0.05 in a warm process and 0.22 in a new one. */
  postProcessorMs: 0.15,
  /** The memory at which a function has a whole processor; with less it has a share. */
  wholeProcessorMegabytes: 1769,
  /** One invocation in 100 is a cold start, which is billed. Amazon states "under 1 %". */
  coldShare: 0.01,
  coldMs: 250,
  /** Log output of one invocation: START, END and REPORT of Lambda, and one line of the function. */
  logBytes: 600,
  /** DynamoDB's overhead for each stored item. */
  itemOverheadBytes: 100,
  /** One record event: a join or a leave. */
  recordBytes: 250,
} as const

/** Sequential requests, time on a whole processor, and the memory as in infra/functions.ts. */
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
  // Rights, the session in a transaction, the rights again, the confirmation in a transaction.
  join: { waits: 8, processorMs: 8, megabytes: 1024 },
  // The session and the log in parallel, the put, the roster.
  send: { waits: 3, processorMs: 3, megabytes: 1769 },
  history: { waits: 2, processorMs: 5, megabytes: 1024 },
  sync: { waits: 2, processorMs: 3, megabytes: 512 },
  leave: { waits: 4, processorMs: 3, megabytes: 512 },
  disconnect: { waits: 1, processorMs: 1, megabytes: 512 },
  sessionEnd: { waits: 4, processorMs: 1, megabytes: 512 },
  broadcast: { waits: 2, processorMs: 5, megabytes: 1769 },
  deliver: { waits: 1, processorMs: 5, megabytes: 1769 },
}
