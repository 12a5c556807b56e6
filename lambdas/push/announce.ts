import type { Push } from '../../protocol/wire.ts'
import type { Clock } from '../domain/clock.ts'
import { type Crowd, currentCrowd, maxAnnounced, noteIfChanged } from '../domain/sessions/crowd.ts'
import type { Session, SessionStore } from '../domain/sessions/sessions.ts'
import { participantFrame } from '../replies/encode.ts'
import { type Connections, hasLosses } from './connections.ts'
import { postToSessions } from './post.ts'

export interface PushPorts {
  sessions: SessionStore
  connections: Connections
  clock: Clock
  report(fact: Record<string, string | number | boolean | undefined>): void
}

/**
 * Posts a frame to every session of the roster but one. Whoever turns out to be gone loses this session, and the rest
 * learn of it, that one included: only whoever ended the session tells, so it is told once. Answers the ended ones.
 */
export const announce = (
  app: PushPorts,
  roster: readonly Session[],
  push: Push,
  except?: string,
): Promise<Session[]> => {
  const receivers = roster.filter((session) => session.connectionId !== except)
  return announceAll(app, receivers, push.type, [push])
}

/** All in one go, so that whoever hangs is waited for once, however much there is to tell. */
async function announceAll(
  app: PushPorts,
  receivers: readonly Session[],
  type: Push['type'],
  pushes: readonly Push[],
): Promise<Session[]> {
  const frames = pushes.map((push) => JSON.stringify(push))
  const { outcomes, ended } = await postToSessions(app, receivers, () => frames)
  if (hasLosses(outcomes)) app.report({ push: type, ...outcomes })
  // Everyone is looked at again: whoever is gone may be back on a new connection by now.
  await announceEnded(app, ended)
  return ended
}

/** Tells those who remain of sessions of a room that ended, without looking at everyone where nobody is told. */
export async function announceEnded(app: PushPorts, ended: readonly Session[]): Promise<void> {
  const [first] = ended
  if (!first) return
  const { roomId } = first
  const known = await currentCrowd(app.sessions, app.clock, roomId, await app.sessions.crowd(roomId))
  if (!known?.large) await announceLeft(app, ended, await app.sessions.roster(roomId), known)
}

/** Tells the remaining sessions which users are in the room on no connection any more. */
export async function announceLeft(
  app: PushPorts,
  ended: readonly Session[],
  roster: readonly Session[],
  known: Crowd | undefined,
): Promise<void> {
  const present = new Set(roster.map(({ user }) => user))
  const users = new Map(ended.filter(({ user }) => !present.has(user)).map((session) => [session.user, session]))
  // So many were a crowd, of which nothing was told while they were there.
  if (users.size <= maxAnnounced) await announceParticipants(app, roster, 'left', [...users.values()], known)
}

/** Comings and goings are told only in rooms small enough for people to care. */
export async function announceParticipants(
  app: PushPorts,
  roster: readonly Session[],
  event: ParticipantPush['event'],
  participants: readonly Session[],
  known: Crowd | undefined,
): Promise<void> {
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
