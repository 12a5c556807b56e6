import { ChatError } from '../../../client/index.ts'
import { type Check, judged } from '../check.ts'

/** Messages that are sent after the reply, at least. */
const afterwards = 5

/** Somebody loses the membership while others talk. */
export const revoke: Check = {
  expects: {
    'revoke.silence': 'nothing that is sent after the reply to revoke arrives',
    'revoke.told': 'the push kicked, and no way back: send and history are refused',
  },

  async run(site) {
    const { clock } = site
    const room = await site.room('revoke')
    const { roomId, owner } = room
    const [revoked] = site.people.filter((person) => person !== owner)
    if (!revoked) throw new Error('nobody can be revoked')
    const manager = await site.connect(owner)
    const author = await site.joined(owner, room)
    const ears = await Promise.all([site.joined(revoked, room), site.joined(revoked, room)])
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
    await ears[0]?.until(() => ears.every(({ heard }) => heard.length > 0))
    const asked = clock.now()
    await manager.ask('revoke', { roomId, role: 'member', principals: [`user:${revoked.user}`] })
    isRevoked = true
    const replied = clock.now()
    await talking
    while (forbidden.size < afterwards) await say()

    const all = () => ears.flatMap(({ heard }) => heard)
    const wrong = () => all().filter(({ entry }) => forbidden.has(entry.text))
    // The answer to `hello` comes behind what was pushed before it.
    await Promise.all(ears.map((ear) => ear.ask('hello')))
    await ears[0]?.until(() => wrong().length > 0, site.settings.settleMs)
    const last = Math.max(asked, ...all().map(({ at }) => at))
    const kicked = ears.filter(({ pushes }) =>
      pushes.some(({ type, roomId: of }) => type === 'kicked' && of === roomId),
    )
    const [send, history] = await Promise.all([
      outcome(ears[0]?.ask('send', { roomId, text: 'too late' })),
      outcome(ears[0]?.ask('history', { roomId })),
    ])
    const timing = `reply after ${replied - asked} ms, last message ${last - asked} ms after the request`
    return {
      'revoke.silence': judged(
        wrong().length === 0,
        `${wrong().length} of ${forbidden.size} messages arrived; ${timing}`,
      ),
      'revoke.told': judged(
        kicked.length === ears.length && send !== 'accepted' && history !== 'accepted',
        `kicked on ${kicked.length} of ${ears.length} connections; send ${send}, history ${history}`,
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
