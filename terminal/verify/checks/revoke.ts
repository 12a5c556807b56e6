import { ChatError } from '../../../client/index.ts'
import { type Check, judged } from '../check.ts'

/** Messages that are sent after the reply, at least. */
const afterwards = 5

/** What a request may be refused as by docs/protocol.md when its sender is no member any more. */
const ofNoMember = ['not_joined', 'not_found', 'forbidden']

/** Somebody loses the membership while others talk. */
export const revoke: Check = {
  expects: {
    'revoke.silence': 'nothing that is sent after the reply to revoke arrives',
    'revoke.told':
      'the push kicked, and no way back: send and history are refused as not_joined, not_found or forbidden',
  },

  async run(site) {
    const { clock } = site
    const room = await site.room('revoke')
    const { roomId, owner } = room
    const [revoked] = site.people.filter((person) => person !== owner)
    if (!revoked) throw new Error('nobody can be revoked')
    const manager = await site.connect(owner)
    const author = await site.joined(owner, room)
    const listeners = await Promise.all([site.joined(revoked, room), site.joined(revoked, room)])
    let [nr, isRevoked] = [0, false]
    const forbidden = new Set<string | undefined>()
    const say = async () => {
      const text = `revoke ${nr++}`
      if (isRevoked) forbidden.add(text)
      await author.ask('send', { roomId, text })
    }
    const talking = (async () => {
      while (!isRevoked) await say()
    })()
    // It is awaited behind the revocation, which may fail first.
    talking.catch(() => undefined)
    await listeners[0]?.until(() => listeners.every(({ heard }) => heard.length > 0))
    const asked = clock.now()
    await manager.ask('revoke', { roomId, role: 'member', principals: [`user:${revoked.user}`] })
    isRevoked = true
    const replied = clock.now()
    await talking
    while (forbidden.size < afterwards) await say()

    const all = () => listeners.flatMap(({ heard }) => heard)
    const wrong = () => all().filter(({ entry }) => forbidden.has(entry.text))
    // The answer to `hello` comes behind what was pushed before it.
    await Promise.all(listeners.map((listener) => listener.ask('hello')))
    await listeners[0]?.until(() => wrong().length > 0, site.settings.settleMs)
    const last = Math.max(asked, ...all().map(({ at }) => at))
    const kicked = listeners.filter(({ pushes }) =>
      pushes.some(({ type, roomId: of }) => type === 'kicked' && of === roomId),
    )
    const [send, history] = await Promise.all([
      outcome(listeners[0]?.ask('send', { roomId, text: 'too late' })),
      outcome(listeners[0]?.ask('history', { roomId })),
    ])
    const timing = `reply after ${replied - asked} ms, last message ${last - asked} ms after the request`
    return {
      'revoke.silence': judged(
        wrong().length === 0,
        `${wrong().length} of ${forbidden.size} messages arrived; ${timing}`,
      ),
      'revoke.told': judged(
        kicked.length === listeners.length && [send, history].every((code) => ofNoMember.includes(code)),
        `kicked on ${kicked.length} of ${listeners.length} connections; send ${send}, history ${history}`,
      ),
    }
  },
}

async function outcome(asking: Promise<unknown> | undefined): Promise<string> {
  try {
    await asking
    return 'accepted'
  } catch (error) {
    if (error instanceof ChatError) return error.code
    throw error
  }
}
