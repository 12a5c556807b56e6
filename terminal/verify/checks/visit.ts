import { reasonOf } from '../../command/failure.ts'
import { type Check, judged, type Seen, unknown } from '../check.ts'
import type { Connection } from '../connection.ts'
import type { Room } from '../site.ts'

const steps = {
  connect: 'two people connect',
  join: 'both join a new room',
  send: 'a message is stored at position 1',
  see: 'the other one sees it',
  resume: 'what was said while a connection was cut',
  leave: 'the room is left, and nothing comes any more',
} as const

type Step = keyof typeof steps

/** The whole way of a client, once. The first step that fails ends it. */
export const visit: Check = {
  expects: steps,

  async run(site) {
    const { clock } = site
    const seen: Partial<Record<Step, Seen>> = {}
    const visitors: Connection[] = []
    let room: Room | undefined
    const [alice, bob] = [() => at(visitors, 0), () => at(visitors, 1)]
    const roomId = () => room?.roomId ?? ''

    const actions: Record<Step, () => Promise<Seen>> = {
      async connect() {
        for (const person of [site.person(0), site.person(1)]) visitors.push(await site.connect(person))
        return judged(
          visitors.every(({ protocol }) => protocol === 'chat.v1'),
          'both, with chat.v1',
        )
      },
      async join() {
        room = await site.room('visit')
        const [first, second] = [
          await alice().ask('join', { roomId: roomId() }),
          await bob().ask('join', { roomId: roomId() }),
        ]
        return judged(first.head === 0 && second.you.canChat, `head ${first.head}, epoch ${first.epoch}`)
      },
      async send() {
        const { message } = await alice().ask('send', { roomId: roomId(), text: 'one' })
        return judged(message.seq === 1, `position ${message.seq}`)
      },
      async see() {
        const began = clock.now()
        const came = await bob().until(() => bob().heard.some(({ entry }) => entry.text === 'one'))
        return judged(came, came ? `${clock.now() - began} ms after the reply` : 'it does not come')
      },
      async resume() {
        bob().cut()
        await alice().ask('send', { roomId: roomId(), text: 'two' })
        visitors[1] = await site.connect(site.person(1))
        const { messages } = await bob().ask('join', { roomId: roomId(), after: 1 })
        return judged(messages.map(({ text }) => text).join() === 'two', `${messages.length} message after position 1`)
      },
      async leave() {
        await bob().ask('leave', { roomId: roomId() })
        await alice().ask('send', { roomId: roomId(), text: 'three' })
        await bob().ask('hello')
        const came = await bob().until(
          () => bob().heard.some(({ entry }) => entry.text === 'three'),
          site.settings.settleMs,
        )
        return judged(!came, came ? 'a message still came' : 'nothing came')
      },
    }
    for (const step of Object.keys(steps) as Step[]) {
      const isOver = Object.values(seen).some(({ verdict }) => verdict === 'failed')
      seen[step] = isOver
        ? unknown('not tried')
        : await actions[step]().catch((error: unknown) => judged(false, reasonOf(error)))
    }
    return seen as Record<Step, Seen>
  },
}

function at(visitors: readonly Connection[], index: number): Connection {
  const visitor = visitors[index]
  if (!visitor) throw new Error('nobody is connected')
  return visitor
}
