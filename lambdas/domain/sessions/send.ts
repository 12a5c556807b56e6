import type { RateLimits } from '../budget/room-rate.ts'
import type { Clock, Random } from '../clock.ts'
import { append, type MessageDraft } from '../log/append.ts'
import type { Entry } from '../log/entry.ts'
import type { AppendLog } from '../log/log.ts'
import { placeholder, withBody } from '../log/placeholder.ts'
import type { Crowd } from './crowd.ts'
import { requireSender, type SessionStore } from './sessions.ts'

export interface SendResult {
  entry: Entry
  duplicate: boolean
  /** The last noted count of the room. */
  crowd: Crowd | undefined
  /** True if the stream of the log delivers the message. Otherwise the function that stored it delivers it. */
  streamed: boolean
}

/** Appends a message of a session that may send. A room without history stores a placeholder instead. */
export async function sendMessage(
  stores: { sessions: SessionStore; messages: AppendLog },
  clock: Clock & Random,
  { roomId, connectionId }: { roomId: string; connectionId: string },
  draft: MessageDraft,
  limits?: RateLimits,
): Promise<SendResult> {
  const { entry, duplicate, admission } = await append(stores.messages, clock, roomId, draft, {
    admit: async () => {
      const [{ logged }, crowd] = await Promise.all([
        requireSender(stores.sessions, roomId, connectionId),
        stores.sessions.crowd(roomId),
      ])
      return { logged, crowd }
    },
    toEntry: (numbered, { logged, crowd }) => {
      // The stream carries only messages that are kept.
      if (!logged) return placeholder(numbered)
      return crowd?.large ? { ...numbered, broadcast: connectionId } : numbered
    },
    limits,
  })
  const { logged, crowd } = admission
  if (!logged) return { entry: withBody(entry, draft.author, draft.body), duplicate, crowd, streamed: false }
  // A duplicate was delivered when it was first stored, in the way that the size of the room required then.
  return { entry, duplicate, crowd, streamed: entry.broadcast !== undefined }
}
