import type { Clock } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { leftEvent } from '../domain/record/record.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { type Connections, countOutcome, type OutcomeCounts, type PostOutcome } from './connections.ts'

export interface PostPorts {
  sessions: Pick<SessionStore, 'end'>
  connections: Connections
  clock: Clock
}

/**
 * Posts to each receiver its frames, and then ends the sessions of those who are gone: nobody waits for that. Those
 * that cannot be ended are counted, and met again by the next post. Answers what became of whom, and whom it ended.
 */
export async function postToSessions(
  app: PostPorts,
  receivers: Iterable<Session>,
  framesFor: (receiver: Session) => readonly string[],
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
  // Each failure ends a lane: a store that is too busy is not asked for hundreds more.
  await forEachConcurrent(gone, end).catch(() => undefined)
  if (settled < gone.length) outcomes.unended = gone.length - settled
  return { outcomes, ended }
}

/** One after another, since two posts under way may overtake each other. */
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
