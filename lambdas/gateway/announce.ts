import { isCrowded } from '../domain/crowd.ts'
import { inLanes } from '../domain/lanes.ts'
import type { Pace } from '../domain/log.ts'
import { left } from '../domain/record.ts'
import { isPresent, type Session, type SessionStore } from '../domain/sessions.ts'
import type { Push } from '../protocol/wire.ts'
import type { Connections } from './connections.ts'
import { participantFrame } from './encode.ts'

export interface Announcer {
  sessions: SessionStore
  connections: Connections
  pace: Pick<Pace, 'now'>
}

/**
 * Posts a frame to every session of the roster but one. Whoever turns out to be gone loses this session, and the rest
 * learn of it, that one included: only whoever ended the session tells, so it is told once. Answers the ended ones.
 */
export async function announce(
  app: Announcer,
  roster: readonly Session[],
  push: Push,
  except?: string,
): Promise<Session[]> {
  const frame = JSON.stringify(push)
  const gone = new Set<Session>()
  const receivers = roster.filter((session) => session.connectionId !== except)
  await inLanes(receivers, async (session) => {
    if ((await app.connections.post(session.connectionId, frame)) === 'gone') gone.add(session)
  })
  if (gone.size === 0) return []
  const ended: Session[] = []
  await inLanes(gone, async (session) => {
    const { roomId, connectionId, user } = session
    if (await app.sessions.end(roomId, connectionId, left(user, app.pace.now(), 'gone'))) ended.push(session)
  })
  const [first] = ended
  // Read again: whoever is gone may be back on a new connection by now.
  if (first) await announceLeft(app, ended, await app.sessions.roster(first.roomId))
  return ended
}

/** Tells the remaining sessions which users are in the room on no connection any more. */
export async function announceLeft(
  app: Announcer,
  ended: readonly Session[],
  roster: readonly Session[],
): Promise<void> {
  const users = new Map(ended.map((session) => [session.user, session]))
  for (const [user, session] of users) {
    if (isPresent(user, roster)) continue
    const attendance = { roomId: session.roomId, event: 'left', user: participantFrame(session) } as const
    await announceParticipant(app, roster, attendance)
  }
}

type Attendance = Omit<Extract<Push, { type: 'participant' }>, 'type'>

/** Comings and goings are told only in rooms small enough for people to care. */
export async function announceParticipant(
  app: Announcer,
  roster: readonly Session[],
  attendance: Attendance,
  except?: string,
): Promise<Session[]> {
  if (await isCrowded(app.sessions, attendance.roomId, roster)) return []
  return announce(app, roster, { type: 'participant', ...attendance }, except)
}
