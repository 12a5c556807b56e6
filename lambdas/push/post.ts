import type { Clock } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { Metrics } from '../domain/metrics.ts'
import { leftEvent } from '../domain/record/record.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { type Connections, countOutcome, type OutcomeCounts, type PostOutcome } from './connections.ts'

export interface PostPorts {
  sessions: Pick<SessionStore, 'end'>
  connections: Connections
  clock: Clock
  metrics: Metrics
}

/**
 * Posts frames to each receiver, calls `onPosted` with the number of receivers, and then ends the sessions whose
 * connections are gone. Sessions that cannot be ended are counted; the next post finds them again. Returns the number of
 * receivers for each outcome, and the ended sessions.
 */
export async function postToSessions(
  app: PostPorts,
  receivers: Iterable<Session>,
  framesFor: (receiver: Session) => readonly string[],
  onPosted?: (receivers: number) => void,
): Promise<{ outcomes: OutcomeCounts; ended: Session[] }> {
  const outcomes: OutcomeCounts = {}
  const gone: Session[] = []
  const ended: Session[] = []
  const post = async (session: Session) => {
    const outcome = await postInOrder(app.connections, session.connectionId, framesFor(session))
    countOutcome(outcomes, outcome)
    if (outcome === 'gone') gone.push(session)
  }
  let settled = 0
  const end = async (session: Session) => {
    const { roomId, connectionId, user } = session
    if (await app.sessions.end(roomId, connectionId, leftEvent(user, app.clock.now(), 'gone'))) ended.push(session)
    settled++
  }
  await forEachConcurrent(receivers, post, app.clock)
  onPosted?.(countPosts(app.metrics, outcomes))
  // A failure stops its worker, to spare a busy store hundreds of calls.
  await forEachConcurrent(gone, end).catch(() => undefined)
  if (settled < gone.length) {
    outcomes.unended = gone.length - settled
    app.metrics.count('Unended', outcomes.unended)
  }
  return { outcomes, ended }
}

/** Counts the posts by their outcome, and returns their number. */
function countPosts(metrics: Metrics, outcomes: OutcomeCounts): number {
  let posts = 0
  for (const [outcome, count] of Object.entries(outcomes)) {
    metrics.count('Posts', count, outcome)
    posts += count
  }
  return posts
}

/** Posts one frame after another, because concurrent posts may arrive in a different order. */
async function postInOrder(
  connections: Connections,
  connectionId: string,
  frames: readonly string[],
): Promise<PostOutcome> {
  let outcome: PostOutcome = 'delivered'
  for (const frame of frames) {
    outcome = await connections.post(connectionId, frame)
    if (outcome !== 'delivered') break
  }
  return outcome
}
