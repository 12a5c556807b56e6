import * as z from 'zod/mini'
import type { Connections } from '../aws/connections.ts'
import type { Entry, Log, Pace } from '../domain/log/log.ts'
import type { Delivery } from '../domain/sessions/delivery.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { framesOf } from './batch.ts'
import type { Outcomes } from './outcomes.ts'
import { reach } from './post.ts'

export interface Deliverer {
  sessions: SessionStore
  messages: Log
  connections: Connections
  pace: Pace
}

/**
 * Hands a stretch of the log to one part of the roster. Doing so again does no harm: a receiver drops what it has. Who
 * is gone loses the session, and nobody is told, for a room so large tells of no comings and goings.
 */
export async function deliver(app: Deliverer, { roomId, first, last, part }: Delivery): Promise<Outcomes> {
  const [entries, sessions] = await Promise.all([
    app.messages.read(roomId, first, last - first + 1),
    app.sessions.part(roomId, part),
  ])
  const said = entries.filter(({ seq }) => seq <= last)
  const toAll = framesOf(roomId, said)
  const speakers = new Set(said.map(({ broadcast }) => broadcast))
  const framesFor = (session: Session) =>
    speakers.has(session.connectionId) ? framesOf(roomId, saidByOthers(said, session)) : toAll
  const { outcomes } = await reach(app, sessions, framesFor)
  return outcomes
}

/** The reply to `send` was the speaker's own copy. */
const saidByOthers = (said: Entry[], { connectionId }: Session) =>
  said.filter(({ broadcast }) => broadcast !== connectionId)

const position = z.int().check(z.positive())

const order = z.object({
  roomId: z.string(),
  first: position,
  last: position,
  part: z.object({ from: z.optional(z.string()), below: z.optional(z.string()) }),
})

/** The order of a worker, as it was written down for it. Throws where it is none. */
export function deliveryOf(event: unknown): Delivery {
  const { part, ...rest } = order.parse(event)
  const { from, below } = part
  return { ...rest, part: { ...(from !== undefined && { from }), ...(below !== undefined && { below }) } }
}
