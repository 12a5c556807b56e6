import { participantsOf, type Session, type SessionStore } from './sessions.ts'

/** Above this many participants a room is crowded: nobody is told of comings and goings, and a count replaces the list. */
export const mostAnnounced = 75

/** A crowded room is an ordinary one again below 80 % of that. The original's rule: it keeps rooms from flickering. */
export const calmBelow = 60

/** How far beyond a threshold the note of it is looked after; a room passes through here on its way. */
const watch = 15

type Crowds = Pick<SessionStore, 'isCrowded' | 'setCrowded'>

/** Between the thresholds the past decides, so only there, and near them, is it read. */
export async function isCrowded(crowds: Crowds, roomId: string, roster: readonly Session[]): Promise<boolean> {
  const participants = participantsOf(roster).length
  if (participants < calmBelow - watch || participants > mostAnnounced + watch) return participants > mostAnnounced
  const noted = await crowds.isCrowded(roomId)
  const crowded = participants > mostAnnounced || (noted && participants >= calmBelow)
  if (crowded !== noted) await crowds.setCrowded(roomId, crowded)
  return crowded
}
