import { checkRetry, type RateLimits } from '../budget/room-rate.ts'
import { unitsOf } from '../budget/spending.ts'
import type { Clock, Random } from '../clock.ts'
import { append, type MessageDraft } from '../log/append.ts'
import type { Entry } from '../log/entry.ts'
import type { AppendLog } from '../log/log.ts'
import { placeholder, withBody } from '../log/placeholder.ts'
import type { Metrics } from '../metrics.ts'
import type { Crowd } from './crowd.ts'
import { requireSender, type SessionStore } from './sessions.ts'

export interface SendResult {
  entry: Entry
  duplicate: boolean
  /** The last noted count of the room. */
  crowd: Crowd | undefined
  /**
   * Whether the caller has to deliver the message. The stream of the log delivers messages of large rooms, and an old
   * message was delivered long ago.
   */
  undelivered: boolean
}

/** A retry within this time delivers the message again. Later, every client has got it or has noticed the gap. */
const deliverAgainMs = 10 * 60_000

export interface SendRules {
  limits?: RateLimits
  /** Charges the author units that no meter counts, and refuses an author who is over the budget. */
  charge?: (units: number) => Promise<void>
  metrics?: Metrics
}

/** Appends a message of a session that may send. A room without history stores a placeholder instead. */
export async function sendMessage(
  stores: { sessions: SessionStore; messages: AppendLog },
  clock: Clock & Random,
  { roomId, connectionId }: { roomId: string; connectionId: string },
  draft: MessageDraft,
  { limits, charge, metrics }: SendRules = {},
): Promise<SendResult> {
  const { entry, duplicate, admission } = await append(stores.messages, clock, roomId, draft, {
    admit: async () => {
      const [{ logged }, crowd] = await Promise.all([
        requireSender(stores.sessions, roomId, connectionId),
        stores.sessions.crowd(roomId),
      ])
      // The posts of the stream are not measured here.
      if (logged && crowd?.large) await charge?.(crowd.connections * unitsOf.post)
      return { logged, crowd }
    },
    toEntry: (numbered, { logged, crowd }) => {
      // The stream carries only messages that are kept.
      if (!logged) return placeholder(numbered)
      return crowd?.large ? { ...numbered, broadcast: connectionId } : numbered
    },
    limits,
    metrics,
  })
  const { logged, crowd } = admission
  // A duplicate was delivered when it was first stored, in the way that the size of the room required then.
  const isOld = duplicate && clock.now() - entry.sentAt >= deliverAgainMs
  const undelivered = entry.broadcast === undefined && !isOld
  if (duplicate && undelivered && limits) checkRetry(limits, roomId, draft.author.user)
  return { entry: logged ? entry : withBody(entry, draft.author, draft.body), duplicate, crowd, undelivered }
}
