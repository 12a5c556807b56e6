import { type Check, judged, type Seen } from '../check.ts'
import { HandshakeRefused } from '../connection.ts'
import type { Site } from '../site.ts'

/** No page has this origin: the name is reserved. */
const foreignOrigin = 'https://verify.invalid'

/** Well-formed, and signed by nobody. */
const forged = 'e30.e30.e30'

export const handshake: Check = {
  expects: {
    subprotocol: 'chat.v1 is chosen among others',
    'refused token': '401',
    'missing token': '401',
    'refused origin': '403',
  },

  async run(site) {
    const { token } = site.person(0)
    const several = await site.connect({ token }, { protocols: ['chat.v9', `bearer.${token}`, 'chat.v1'] })
    return {
      subprotocol: judged(several.protocol === 'chat.v1', several.protocol === 'chat.v1' ? 'chat.v1' : 'another one'),
      'refused token': await status(site, 401, { protocols: ['chat.v1', `bearer.${forged}`] }),
      'missing token': await status(site, 401, { protocols: ['chat.v1'] }),
      'refused origin': await status(site, 403, { origin: foreignOrigin }),
    }
  },
}

async function status(site: Site, expected: number, more: { protocols?: string[]; origin?: string }): Promise<Seen> {
  try {
    await site.connect(site.person(0), more)
    return judged(false, 'accepted')
  } catch (error) {
    if (!(error instanceof HandshakeRefused)) throw error
    return judged(error.status === expected, error.status === 0 ? error.message : String(error.status))
  }
}
