import { type Check, judged, type Seen, unknown } from '../check.ts'
import type { Connection } from '../connection.ts'
import { shown } from '../frame.ts'
import type { Site } from '../site.ts'

const frameBytes = 32 * 1024
const messageBytes = 128 * 1024

/** A request of exactly this many bytes: fields that are not known are ignored. */
function request(bytes: number): string {
  const bare = JSON.stringify({ action: 'hello', padding: '' })
  return bare.replace('""', `"${'x'.repeat(bytes - bare.length)}"`)
}

/** Frames and messages around the limits of the gateway. */
export const sizes: Check = {
  expects: {
    'frame of 32 KB': 'accepted',
    'larger frame': 'refused, or the connection closed',
    'message of 128 KB': 'in frames of 32 KB: answered, or the connection closed, without a verdict',
    'larger message': 'refused, or the connection closed',
  },

  async run(site) {
    const witness = await site.connect(site.person(0))
    const fitting = await sent(site, request(frameBytes))
    const larger = await sent(site, request(frameBytes + 1))
    const message = await sent(site, request(messageBytes), frameBytes)
    const tooLarge = await sent(site, request(messageBytes + 1), frameBytes)
    await witness.ask('hello')
    const refused = (seen: string | undefined): Seen =>
      seen === undefined ? unknown('no answer') : judged(seen !== 'accepted', seen)
    return {
      'frame of 32 KB': judged(fitting === 'accepted', fitting ?? 'no answer'),
      'larger frame': refused(larger),
      'message of 128 KB': unknown(message ?? 'no answer'),
      'larger message': refused(tooLarge),
    }
  },
}

/** What became of a text on a connection of its own. */
async function sent(site: Site, text: string, size?: number): Promise<string | undefined> {
  const connection: Connection = await site.connect(site.person(0))
  connection.send(text, undefined, size)
  await connection.until(() => connection.others.length > 0)
  const [frame] = connection.others
  const seen = frame ? shown(frame) : undefined
  if (connection.code !== undefined) return `${seen ? `${seen}, ` : ''}closed with ${connection.code}`
  return seen
}
