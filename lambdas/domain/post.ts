import { type Appended, append, type Draft } from './append.ts'
import type { Log, Pace } from './log.ts'
import { requireVoice, type SessionStore } from './sessions.ts'
import { revived, SpokenLog, type Voice } from './unlogged.ts'

/** Says something in a room: a message that is kept, or in a room without history one that is only handed on. */
export async function post(
  stores: { sessions: SessionStore; messages: Log },
  pace: Pace,
  place: { roomId: string; connectionId: string },
  draft: Draft,
): Promise<Appended> {
  const { roomId, connectionId } = place
  const voice: Voice = { logged: true }
  const admitted = async () => {
    voice.logged = (await requireVoice(stores.sessions, roomId, connectionId)).logged
  }
  const { entry, duplicate } = await append(
    new SpokenLog(stores.messages, draft.body, voice),
    pace,
    roomId,
    draft,
    admitted,
  )
  return { entry: voice.logged ? entry : revived(entry, draft.author, draft.body), duplicate }
}
