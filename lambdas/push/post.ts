import type { Connections, Outcome } from '../aws/connections.ts'
import { inLanes } from '../domain/concurrency.ts'
import type { Pace } from '../domain/log/log.ts'
import { left } from '../domain/record/record.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { count, type Outcomes } from './outcomes.ts'

export interface Reaching {
  sessions: Pick<SessionStore, 'end'>
  connections: Connections
  pace: Pick<Pace, 'now' | 'sleep'>
}

/**
 * Posts to each receiver its frames, and then ends the sessions of those who are gone: nobody waits for that. Those
 * that cannot be ended are counted, and met again by the next post. Answers what became of whom, and whom it ended.
 */
export async function reach(
  app: Reaching,
  receivers: Iterable<Session>,
  framesFor: (receiver: Session) => readonly string[],
): Promise<{ outcomes: Outcomes; ended: Session[] }> {
  const outcomes: Outcomes = {}
  const gone: Session[] = []
  const ended: Session[] = []
  const post = async (session: Session) => {
    const outcome = await postAll(app.connections, session.connectionId, framesFor(session))
    count(outcomes, outcome)
    if (outcome === 'gone') gone.push(session)
  }
  let settled = 0
  const end = async (session: Session) => {
    const { roomId, connectionId, user } = session
    if (await app.sessions.end(roomId, connectionId, left(user, app.pace.now(), 'gone'))) ended.push(session)
    settled++
  }
  await inLanes(receivers, post, app.pace)
  // Each failure ends a lane: a store that is too busy is not asked for hundreds more.
  await inLanes(gone, end).catch(() => undefined)
  if (settled < gone.length) outcomes.unended = gone.length - settled
  return { outcomes, ended }
}

/** One after another, since two posts under way may overtake each other. */
async function postAll(connections: Connections, connectionId: string, frames: readonly string[]): Promise<Outcome> {
  let outcome: Outcome = 'delivered'
  for (const frame of frames) {
    outcome = await connections.post(connectionId, frame)
    if (outcome !== 'delivered') break
  }
  return outcome
}
