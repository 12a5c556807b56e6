import type { Push } from '../../protocol/wire.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { ReviewResult } from '../domain/sessions/review.ts'
import type { Session } from '../domain/sessions/sessions.ts'
import { announceLeft, announceParticipants, type PushPorts } from './announce.ts'

type KickReason = Extract<Push, { type: 'kicked' }>['reason']

/** Announces the effect of a change of rights: first to the kicked sessions, then to the remaining ones. */
export async function pushReview(app: PushPorts, reviewed: ReviewResult, reason: KickReason): Promise<void> {
  const { kicked, changed, roster } = reviewed
  const kick = async ({ roomId, connectionId }: Session) => {
    const push: Push = { type: 'kicked', roomId, reason }
    await app.connections.post(connectionId, JSON.stringify(push))
  }
  await forEachConcurrent(kicked, kick, app.clock)
  const [first] = [...kicked, ...changed]
  if (!first) return
  const known = await app.sessions.crowd(first.roomId)
  await announceLeft(app, kicked, roster, known)
  const users = new Map(changed.map((session) => [session.user, session]))
  await announceParticipants(app, roster, 'changed', [...users.values()], known)
}
