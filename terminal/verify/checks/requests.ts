import { type Check, judged } from '../check.ts'
import type { Connection } from '../connection.ts'
import { type Frame, shown } from '../frame.ts'

/** Frames that are no requests, and the one that the gateway answers alone. */
export const requests: Check = {
  expects: {
    ping: 'answered by the gateway, with the id or without',
    'unknown action': 'refused as invalid, with the id',
    'malformed JSON': 'refused as invalid; the connection stays open',
  },

  async run(site) {
    const connection = await site.connect(site.person(0))
    const ping = await answer(connection, '{"action":"ping","id":"p1"}')
    const unknown = await answer(connection, '{"action":"dance","id":"u1"}')
    const malformed = await answer(connection, '{"action":')
    await connection.ask('hello')
    return {
      ping: judged(
        ping?.ok === true && (ping.id === 'p1' || ping.id === undefined),
        ping
          ? `${shown(ping)}, ${ping.id === undefined ? 'without an id' : `with the id "${String(ping.id)}"`}`
          : 'no answer',
      ),
      'unknown action': judged(isInvalid(unknown) && unknown?.id === 'u1', unknown ? shown(unknown) : 'no answer'),
      'malformed JSON': judged(isInvalid(malformed), malformed ? shown(malformed) : 'no answer'),
    }
  },
}

/** The answer to a text that may be no request: the next frame that is no push. */
async function answer(connection: Connection, text: string): Promise<Frame | undefined> {
  const seen = connection.others.length
  connection.send(text)
  await connection.until(() => connection.others.length > seen)
  return connection.others[seen]
}

const isInvalid = (frame: Frame | undefined): boolean => frame !== undefined && shown(frame) === 'refused as invalid'
