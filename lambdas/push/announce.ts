import type { Push } from '../../protocol/wire.ts'
import { isApp } from '../domain/apps.ts'
import type { Clock } from '../domain/clock.ts'
import type { Metrics, Notes } from '../domain/metrics.ts'
import { type Crowd, currentCrowd, maxAnnounced, noteIfChanged } from '../domain/sessions/crowd.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { participantFrame } from '../replies/encode.ts'
import { type Connections, hasLosses } from './connections.ts'
import { postToSessions } from './post.ts'

export interface PushPorts extends Notes {
  sessions: SessionStore
  connections: Connections
  clock: Clock
  metrics: Metrics
}

/**
 * Posts a frame to every session of the roster except one. A session whose connection is gone is ended, and the other
 * participants are told, the excepted one included. Only the call that ended a session announces it, so it is announced
 * once. `onPosted` is called when the posts are made. Returns the ended sessions.
 */
export const announce = (
  app: PushPorts,
  roster: readonly Session[],
  push: Push,
  except?: string,
  onPosted?: (receivers: number) => void,
): Promise<Session[]> => {
  const receivers = roster.filter((session) => session.connectionId !== except)
  return announceAll(app, receivers, push.type, [push], onPosted)
}

/** One pass over the receivers, so that a slow one delays the call only once. */
async function announceAll(
  app: PushPorts,
  receivers: readonly Session[],
  type: Push['type'],
  pushes: readonly Push[],
  onPosted?: (receivers: number) => void,
): Promise<Session[]> {
  const frames = pushes.map((push) => JSON.stringify(push))
  const { outcomes, ended } = await postToSessions(app, receivers, () => frames, onPosted)
  if (hasLosses(outcomes)) app.note({ push: type, ...outcomes })
  // The roster is read again, because a user may be back on a new connection.
  await announceEnded(app, ended)
  return ended
}

/**
 * Tells the remaining participants about ended sessions of one room. In a large room, departures are not announced and
 * the roster is not read.
 */
export async function announceEnded(app: PushPorts, ended: readonly Session[]): Promise<void> {
  const [first] = ended
  if (!first) return
  const { roomId } = first
  const known = await currentCrowd(app.sessions, app.clock, roomId, await app.sessions.crowd(roomId))
  if (!known?.large) await announceLeft(app, ended, await app.sessions.roster(roomId), known)
}

/** Tells the remaining sessions which users have no connection in the room any more. */
export async function announceLeft(
  app: PushPorts,
  ended: readonly Session[],
  roster: readonly Session[],
  known: Crowd | undefined,
): Promise<void> {
  const present = new Set(roster.map(({ user }) => user))
  const users = new Map(ended.filter(({ user }) => !present.has(user)).map((session) => [session.user, session]))
  // With more users than this, the room was crowded, and their arrivals were not announced.
  if (users.size <= maxAnnounced) await announceParticipants(app, roster, 'left', [...users.values()], known)
}

/** Announces changes of participants, only in rooms that are not crowded. Apps are never announced. */
export async function announceParticipants(
  app: PushPorts,
  roster: readonly Session[],
  event: ParticipantPush['event'],
  sessions: readonly Session[],
  known: Crowd | undefined,
): Promise<void> {
  const participants = sessions.filter(({ user }) => !isApp(user))
  const [first] = participants
  if (!first) return
  const { roomId } = first
  const { crowded } = await noteIfChanged(app.sessions, app.clock, roomId, roster, known)
  if (crowded) return
  const pushes = participants.map(
    (session): ParticipantPush => ({ type: 'participant', roomId, event, user: participantFrame(session) }),
  )
  await announceAll(app, roster, 'participant', pushes)
}

type ParticipantPush = Extract<Push, { type: 'participant' }>
