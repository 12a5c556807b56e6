import type { Push } from '../../protocol/wire.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { ReviewResult } from '../domain/sessions/review.ts'
import type { Session } from '../domain/sessions/sessions.ts'
import { announceLeft, announceParticipants, type PushPorts } from './announce.ts'

type KickReason = Extract<Push, { type: 'kicked' }>['reason']

/** Tells the kicked sessions. */
export async function pushKicks(app: PushPorts, kicked: readonly Session[], reason: KickReason): Promise<void> {
  const kick = async ({ roomId, connectionId }: Session) => {
    const push: Push = { type: 'kicked', roomId, reason }
    await app.connections.post(connectionId, JSON.stringify(push))
  }
  await forEachConcurrent(kicked, kick, app.clock)
}

/** Tells the remaining sessions the effect of a change of rights, after the kicked ones were told. */
export async function announceReview(app: PushPorts, { kicked, changed, roster }: ReviewResult): Promise<void> {
  const [first] = [...kicked, ...changed]
  if (!first) return
  const known = await app.sessions.crowd(first.roomId)
  await announceLeft(app, kicked, roster, known)
  const users = new Map(changed.map((session) => [session.user, session]))
  await announceParticipants(app, roster, 'changed', [...users.values()], known)
}
