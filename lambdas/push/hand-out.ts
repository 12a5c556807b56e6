import type { MessageFrame } from '../../protocol/wire.ts'
import type { Session } from '../domain/sessions/sessions.ts'
import { announce, type PushPorts } from './announce.ts'
import { countHanded } from './handed.ts'

/**
 * Posts a message that was just stored to the sessions of its room except one, and returns the roster. A message that
 * a retry posts again was stored by an earlier call, so its time says nothing.
 */
export async function handOut(
  app: PushPorts,
  roomId: string,
  message: MessageFrame,
  { except, isNew = true }: { except?: string; isNew?: boolean } = {},
): Promise<Session[]> {
  const storedAt = app.clock.now()
  const roster = await app.sessions.roster(roomId)
  await announce(app, roster, { type: 'message', ...message }, except, (receivers) => {
    if (!isNew) return
    countHanded(app, [storedAt])
    app.metrics.count('Fanout', receivers)
  })
  return roster
}
