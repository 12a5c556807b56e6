import * as z from 'zod/mini'
import type { Clock, Random } from '../domain/clock.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { Log } from '../domain/log/log.ts'
import type { Metrics } from '../domain/metrics.ts'
import type { Delivery } from '../domain/sessions/delivery.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { batchedFrames } from './batch.ts'
import type { Connections, OutcomeCounts } from './connections.ts'
import { countHanded } from './handed.ts'
import { postToSessions } from './post.ts'

export interface DeliverPorts {
  sessions: SessionStore
  messages: Log
  connections: Connections
  clock: Clock & Random
  metrics: Metrics
}

/**
 * Delivers a range of the log to one part of the roster. A repeated delivery has no effect, because clients ignore
 * messages that they have. Sessions of closed connections are ended but not announced: large rooms do not announce
 * departures. Each message is measured, in each part.
 */
export async function deliver(app: DeliverPorts, { roomId, first, last, part }: Delivery): Promise<OutcomeCounts> {
  const [entries, sessions] = await Promise.all([
    app.messages.read(roomId, first, last - first + 1),
    app.sessions.part(roomId, part),
  ])
  const messages = entries.filter(({ seq }) => seq <= last)
  const toAll = batchedFrames(roomId, messages)
  const senders = new Set(messages.map(({ broadcast }) => broadcast))
  const framesFor = (session: Session) =>
    senders.has(session.connectionId) ? batchedFrames(roomId, messagesOfOthers(messages, session)) : toAll
  const onPosted = (receivers: number) => {
    const storedAt = messages.map(({ sentAt }) => sentAt)
    if (receivers > 0) countHanded(app, storedAt)
  }
  const { outcomes } = await postToSessions(app, sessions, framesFor, onPosted)
  return outcomes
}

/** The sender has its message already, from the reply to `send`. */
const messagesOfOthers = (messages: Entry[], { connectionId }: Session) =>
  messages.filter(({ broadcast }) => broadcast !== connectionId)

const position = z.int().check(z.positive())

const deliverySchema = z.object({
  roomId: z.string(),
  first: position,
  last: position,
  part: z.object({ from: z.optional(z.string()), below: z.optional(z.string()) }),
})

/** Parses the event of a worker. Throws if it is not a delivery. */
export function parseDelivery(event: unknown): Delivery {
  const { part, ...rest } = deliverySchema.parse(event)
  const { from, below } = part
  return { ...rest, part: { ...(from !== undefined && { from }), ...(below !== undefined && { below }) } }
}
