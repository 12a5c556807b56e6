import type { BaseApp, RequestLine } from './app.ts'
import { tagOf } from './domain/budget/rate.ts'
import { unitsOf } from './domain/budget/spending.ts'
import type { Fact } from './domain/metrics.ts'

export type Observer = Pick<BaseApp, 'metrics' | 'meter' | 'report'> & { clock: { now(): number } }

export interface Subject {
  /** The route key, or the name of a function without routes. */
  verb: string
  requestId?: string | undefined
  connectionId?: string | undefined
}

/** How a request went. The work fills it in. */
export interface Course {
  user?: string | undefined
  roomId?: string | undefined
  /** `ok`, the code of a refusal, or `internal`. */
  outcome: string
  /** The error that the work throws is its answer, and no failure of the function. */
  answersByError?: boolean
  /** Why it failed or was refused. */
  error?: unknown
  /** Further fields of the line. */
  facts: Fact
}

/** Does the work of a request, and writes its line in any case. Work that throws has failed. */
export const observed = <Result>(
  app: Observer,
  subject: Subject,
  work: (course: Course) => Promise<Result>,
): Promise<Result> => watch(app, subject, 'internal', work)

/** The same for work that no client waits for: if it throws, a step of a job has failed. */
export const observedJob = <Result>(
  app: Observer,
  subject: Subject,
  work: (course: Course) => Promise<Result>,
): Promise<Result> => watch(app, subject, 'failed', work)

async function watch<Result>(
  app: Observer,
  subject: Subject,
  failure: 'internal' | 'failed',
  work: (course: Course) => Promise<Result>,
): Promise<Result> {
  const [startedAt, unitsBefore] = [app.clock.now(), app.meter.units]
  const course: Course = { outcome: 'ok', facts: {} }
  try {
    return await work(course)
  } catch (error) {
    if (course.answersByError) throw error
    Object.assign(course, { outcome: failure, error })
    // Lambda logs what a handler throws, as it is, and this error may quote an item of a table.
    throw new Error('The request failed; its own line in the log says where.')
  } finally {
    const units = unitsOf.frame + app.meter.units - unitsBefore
    write(app, subject, course, { ms: app.clock.now() - startedAt, units })
  }
}

/** A line that cannot be written must not cost anyone an answer. */
function write(app: Observer, subject: Subject, course: Course, cost: { ms: number; units: number }): void {
  try {
    countRequest(app, course.outcome, cost)
    app.report(lineOf(subject, course, cost), course.error)
  } catch {
    // There is no other place for it.
  }
}

const failures = ['internal', 'failed', 'issuer_unreachable']

function countRequest({ metrics }: Observer, outcome: string, { ms, units }: { ms: number; units: number }): void {
  const isRefused = outcome !== 'ok' && !failures.includes(outcome)
  metrics.count('Requests', 1)
  if (isRefused) metrics.count('Refused', 1, outcome)
  else metrics.count('Refused', 0)
  metrics.count('Internal', outcome === 'internal' ? 1 : 0)
  metrics.count('Latency', ms)
  metrics.count('Units', units)
  if (outcome === 'rate_limited') metrics.count('RateLimited', 1)
  if (outcome === 'failed') metrics.count('JobFailures', 1)
}

const lineOf = (
  { verb, requestId, connectionId }: Subject,
  { user, roomId, outcome, facts }: Course,
  cost: { ms: number; units: number },
): RequestLine => ({
  ...(outcome !== 'ok' && { level: failures.includes(outcome) ? 'ERROR' : 'WARN' }),
  ...(requestId !== undefined && { requestId }),
  ...(connectionId !== undefined && { connectionId }),
  ...(roomId !== undefined && { room: tagOf(roomId) }),
  ...(user !== undefined && { user: tagOf(user) }),
  verb,
  outcome,
  ...cost,
  ...facts,
})
