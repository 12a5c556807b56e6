import * as z from 'zod/mini'
import type { Clock, Random } from '../domain/clock.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { Log } from '../domain/log/log.ts'
import type { Delivery } from '../domain/sessions/delivery.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { batchedFrames } from './batch.ts'
import type { Connections, OutcomeCounts } from './connections.ts'
import { postToSessions } from './post.ts'

export interface DeliverPorts {
  sessions: SessionStore
  messages: Log
  connections: Connections
  clock: Clock & Random
}

/**
 * Hands a stretch of the log to one part of the roster. Doing so again does no harm: a receiver drops what it has. Who
 * is gone loses the session, and nobody is told, for a room so large tells of no comings and goings.
 */
export async function deliver(app: DeliverPorts, { roomId, first, last, part }: Delivery): Promise<OutcomeCounts> {
  const [entries, sessions] = await Promise.all([
    app.messages.read(roomId, first, last - first + 1),
    app.sessions.part(roomId, part),
  ])
  const said = entries.filter(({ seq }) => seq <= last)
  const toAll = batchedFrames(roomId, said)
  const speakers = new Set(said.map(({ broadcast }) => broadcast))
  const framesFor = (session: Session) =>
    speakers.has(session.connectionId) ? batchedFrames(roomId, saidByOthers(said, session)) : toAll
  const { outcomes } = await postToSessions(app, sessions, framesFor)
  return outcomes
}

/** The reply to `send` was the speaker's own copy. */
const saidByOthers = (said: Entry[], { connectionId }: Session) =>
  said.filter(({ broadcast }) => broadcast !== connectionId)

const position = z.int().check(z.positive())

const deliverySchema = z.object({
  roomId: z.string(),
  first: position,
  last: position,
  part: z.object({ from: z.optional(z.string()), below: z.optional(z.string()) }),
})

/** The order of a worker, as it was written down for it. Throws where it is none. */
export function parseDelivery(event: unknown): Delivery {
  const { part, ...rest } = deliverySchema.parse(event)
  const { from, below } = part
  return { ...rest, part: { ...(from !== undefined && { from }), ...(below !== undefined && { below }) } }
}
