import type { Push } from '../../protocol/wire.ts'
import { inLanes } from '../domain/concurrency.ts'
import type { Reviewed } from '../domain/sessions/review.ts'
import type { Session } from '../domain/sessions/sessions.ts'
import { type Announcer, announceLeft, announceParticipants } from './announce.ts'

type KickReason = Extract<Push, { type: 'kicked' }>['reason']

/** Tells everyone concerned what a change of rights did: the kicked first, then those who remain. */
export async function announceReview(app: Announcer, reviewed: Reviewed, reason: KickReason): Promise<void> {
  const { kicked, changed, roster } = reviewed
  const kick = async ({ roomId, connectionId }: Session) => {
    const push: Push = { type: 'kicked', roomId, reason }
    await app.connections.post(connectionId, JSON.stringify(push))
  }
  await inLanes(kicked, kick, app.pace)
  const [first] = [...kicked, ...changed]
  if (!first) return
  const known = await app.sessions.crowd(first.roomId)
  await announceLeft(app, kicked, roster, known)
  const users = new Map(changed.map((session) => [session.user, session]))
  await announceParticipants(app, roster, 'changed', [...users.values()], known)
}
