import { sum, times, type Usage } from '../../tools/price/usage.ts'
import type { Verbs } from '../../tools/price/verbs.ts'
import type { LocalRun } from '../support/local-run/local-run.ts'
import type { ChatSocket } from '../support/socket/chat-socket.ts'
import { arrive, hasLeft, Meter, messageId, personAt } from './meter.ts'

const host = 100
const people = [101, 102, 103, 104, 105, 106]
const text = 'this message is longer than most messages '.repeat(8).slice(0, 300)

/** People connect, join, send, read, leave, join again and disconnect one after another, until two remain. */
export async function converse(run: LocalRun) {
  const owner = await arrive(run, host)
  const { roomId } = (await owner.ask('createRoom', { name: 'Conversation' })).room
  const principals = people.map((at) => `user:${personAt(at).user}`)
  await owner.ask('grant', { roomId, role: 'member', principals })
  // The first connection of a user stores the profile, which costs one write.
  const meter = new Meter(run)
  for (const at of people) {
    const visit = await arrive(run, at)
    await meter.of(
      () => visit.close(),
      ({ ends }) => ends > 0,
    )
  }

  const received = { frames: 0, bytes: 0 }
  const countFrames = (socket: ChatSocket) =>
    socket.socket.on('message', (data) => {
      received.frames++
      received.bytes += Buffer.byteLength(String(data))
    })
  const act = async () => {
    const members: ChatSocket[] = []
    for (const at of people) {
      const member = await arrive(run, at)
      countFrames(member)
      members.push(member)
      await member.ask('hello')
      await member.ask('invitations', { after: 1 })
      await member.ask('join', { roomId })
    }
    const [one, two, three, four, five, six] = members
    if (!one || !two || !three || !four || !five || !six) throw new Error('A member is missing.')
    for (const [seq, author] of [one, two, three].entries())
      await author.ask('send', { roomId, text, clientMessageId: messageId(seq + 1000), after: seq })
    await one.ask('history', { roomId, limit: 3 })
    await two.ask('sync', { rooms: { [roomId]: 3 } })
    await two.ask('ping')
    await six.ask('leave', { roomId })
    await six.ask('join', { roomId })
    const leavers = [two, three, four, five]
    for (const [at, leaver] of leavers.entries()) {
      await leaver.close()
      const others = [one, ...leavers.slice(at + 1), six]
      const person = people[at + 1] ?? 0
      await Promise.all(others.map((other) => other.frame(hasLeft(person))))
    }
    return received
  }
  const counted = await meter.of(act, ({ ends }) => ends === 4)
  return { counted, received }
}

/** The same conversation by the model of the bill. */
export function modelled(verbs: Verbs): Usage {
  const call = (members: number, page = 0) => ({ members, page, textBytes: text.length })
  const count = people.length
  return sum(
    times(count, sum(verbs.connect(), verbs.hello(), verbs.invitations())),
    ...people.map((_, at) => verbs.join(call(at + 1))),
    times(3, verbs.send(call(count))),
    verbs.history(call(count, 3)),
    verbs.sync(1),
    verbs.ping(),
    verbs.leave(call(count)),
    verbs.join(call(count, 3)),
    ...[6, 5, 4, 3].map((members) => sum(verbs.disconnect(), verbs.sessionEnd(call(members)))),
  )
}
