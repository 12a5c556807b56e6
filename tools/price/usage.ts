import { assumed, type Run } from './durations.ts'

/** The quantities of a bill. */
export interface Usage {
  framesIn: number
  framesOut: number
  connectionMinutes: number
  invocations: number
  gigabyteSeconds: number
  readUnits: number
  writeUnits: number
  sentBytes: number
  logBytes: number
  /** Calls of `@connections`; each is a frame out as well. */
  posts: number
}

export const nothing: Usage = {
  framesIn: 0,
  framesOut: 0,
  connectionMinutes: 0,
  invocations: 0,
  gigabyteSeconds: 0,
  readUnits: 0,
  writeUnits: 0,
  sentBytes: 0,
  logBytes: 0,
  posts: 0,
}

export function sum(...usages: readonly Usage[]): Usage {
  const total = { ...nothing }
  for (const usage of usages) for (const name of names) total[name] += usage[name]
  return total
}

export function times(count: number, usage: Usage): Usage {
  const total = { ...nothing }
  for (const name of names) total[name] = usage[name] * count
  return total
}

const names = [
  'framesIn',
  'framesOut',
  'connectionMinutes',
  'invocations',
  'gigabyteSeconds',
  'readUnits',
  'writeUnits',
  'sentBytes',
  'logBytes',
  'posts',
] as const satisfies readonly (keyof Usage)[]

/** API Gateway bills one frame for each 32 KB begun. */
export const framesOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / (32 * 1024)))

/** Milliseconds of an invocation: its requests, its computation at the speed of its memory, and its posts. */
export function milliseconds({ waits, processorMs, megabytes }: Run, posts = 0): number {
  const slowdown = Math.max(1, assumed.wholeProcessorMegabytes / megabytes)
  const inFlight = Math.ceil(posts / assumed.postsAtOnce) * assumed.postMs
  const posting = Math.max(inFlight, posts * assumed.postProcessorMs * slowdown)
  return waits * assumed.roundTripMs + processorMs * slowdown + posting
}

/** One invocation of this duration, with its share of cold starts and its log output. */
export function invocation({ megabytes }: Run, ms: number): Usage {
  const billed = ms + assumed.coldShare * assumed.coldMs
  const gigabyteSeconds = (megabytes / 1024) * (billed / 1000)
  return { ...nothing, invocations: 1, gigabyteSeconds, logBytes: assumed.logBytes }
}
