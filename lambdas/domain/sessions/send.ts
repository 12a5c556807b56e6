import type { RateLimits } from '../budget/room-rate.ts'
import type { Clock, Random } from '../clock.ts'
import { type AppendResult, append, type Draft } from '../log/append.ts'
import type { Log } from '../log/log.ts'
import { SpokenLog, type Voice, withBody } from '../log/placeholder.ts'
import type { Crowd } from './crowd.ts'
import { requireSender, type SessionStore } from './sessions.ts'

export interface SendResult extends AppendResult {
  /** What was last noted of the room's size. */
  crowd: Crowd | undefined
  /** The stream of the log hands it on; else whoever posted it does. */
  streamed: boolean
}

/** Says something in a room: a message that is kept, or in a room without history one that is only handed on. */
export async function sendMessage(
  stores: { sessions: SessionStore; messages: Log },
  clock: Clock & Random,
  place: { roomId: string; connectionId: string },
  draft: Draft,
  allowance?: RateLimits,
): Promise<SendResult> {
  const { roomId, connectionId } = place
  const voice: Voice = { logged: true }
  let crowd: Crowd | undefined
  const admitted = async () => {
    const [session, noted] = await Promise.all([
      requireSender(stores.sessions, roomId, connectionId),
      stores.sessions.crowd(roomId),
    ])
    crowd = noted
    voice.logged = session.logged
    if (noted?.large) voice.broadcast = connectionId
  }
  const { entry, duplicate } = await append(
    new SpokenLog(stores.messages, draft.body, voice),
    clock,
    roomId,
    draft,
    admitted,
    allowance,
  )
  if (!voice.logged) return { entry: withBody(entry, draft.author, draft.body), duplicate, crowd, streamed: false }
  // What became of an earlier try was decided by the size that the room had then.
  const { broadcast } = duplicate ? entry : voice
  return { entry, duplicate, crowd, streamed: broadcast !== undefined }
}
