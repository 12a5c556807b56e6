import type { Counts, Use, Verb } from '../../tools/price/counts.ts'
import type { LocalRun } from '../support/local-run/local-run.ts'
import type { ChatSocket } from '../support/socket/chat-socket.ts'
import { arrive, asking, bytesOf, type Counted, hasLeft, Meter, messageId, personAt } from './meter.ts'

/** Few enough that everybody is told of everybody, enough to see how much a session weighs. */
const crowd = 40

const text = 'all work and no play '.repeat(6).slice(0, 120)

type Asked = Awaited<ReturnType<typeof asking>>

/** Lets a small crowd connect, talk and go, and counts what each verb uses. */
export async function counting(run: LocalRun): Promise<Counts> {
  const meter = new Meter(run)
  const measure = async (socket: ChatSocket, action: string, fields: object = {}) => {
    let asked: Asked | undefined
    const counted = await meter.of(async () => (asked = await asking(socket, action, fields)))
    if (!asked) throw new Error(`${action} was not asked.`)
    return { counted, ...asked }
  }
  const isEnded = ({ ends }: Counted) => ends > 0
  const first = await arrive(run, 0)
  await meter.of(() => first.close(), isEnded)

  let back: ChatSocket | undefined
  const connect = await meter.of(async () => (back = await arrive(run, 0)))
  if (!back) throw new Error('Nobody came back.')
  const hello = await measure(back, 'hello')
  const invitations = await measure(back, 'invitations')
  const ping = await measure(back, 'ping')
  const { roomId } = (await back.ask('createRoom', { name: 'Counting' })).room
  const people = Array.from({ length: crowd }, (_, at) => at)
  await back.ask('grant', { roomId, role: 'member', principals: people.map((at) => `user:${personAt(at).user}`) })
  const members = [back, ...(await Promise.all(people.slice(1).map((at) => arrive(run, at))))]
  const [one, two] = members
  const [last, next] = [members.at(-1), members.at(-2)]
  if (!one || !two || !last || !next) throw new Error('There is nobody to talk.')

  const joins = []
  for (const member of members) joins.push(await measure(member, 'join', { roomId }))
  const [alone, full] = [joins[0], joins.at(-1)]
  if (!alone || !full) throw new Error('Nobody joined.')
  const attendance = await one.push('participant', { event: 'joined' })
  const participantBytes = Math.round((full.answered - alone.answered) / (crowd - 1))

  const say = (at: number, said: string) =>
    measure(members[at % crowd] ?? one, 'send', { roomId, text: said, clientMessageId: messageId(at), after: at })
  const send = await say(0, text)
  const push = await two.push('message')
  const { entryBytes, at: behind } = await entrySize(async (at, length) => (await say(at, 'x'.repeat(length))).counted)
  for (let at = behind; at < behind + 30; at++) await say(at, text)
  const history = await measure(one, 'history', { roomId, limit: 30 })
  const sync = await measure(one, 'sync', { rooms: { [roomId]: behind + 30 } })

  const leave = await measure(last, 'leave', { roomId })
  const disconnect = await meter.of(() => last.close(), isEnded)
  const others = members.slice(0, -2)
  const goes = async () => {
    await next.close()
    await Promise.all(others.map((other) => other.frame(hasLeft(crowd - 2))))
  }
  const ended = await meter.of(goes, isEnded)
  const grouped = await arrive(run, crowd - 1, { groups: 'ops' })
  const groupedJoin = await measure(grouped, 'join', { roomId })
  await Promise.all([...others, grouped].map((other) => other.close()))

  const used = ({ counted, asked, answered }: typeof hello, less: Partial<Use> = {}): Use => ({
    readUnits: counted.readUnits - (less.readUnits ?? 0),
    writeUnits: counted.writeUnits - (less.writeUnits ?? 0),
    asked: asked - (less.asked ?? 0),
    answered: answered - (less.answered ?? 0),
  })
  const silent = ({ readUnits, writeUnits }: Counted): Use => ({ readUnits, writeUnits, asked: 0, answered: 0 })
  const rosterOf = ({ counted }: typeof hello) => counted.rosterUnits
  const messages = bytesOf(history.reply) - 30 * bytesOf({ ...push, type: undefined })
  const verbs: Record<Verb, Use> = {
    connect: silent(connect),
    hello: used(hello),
    invitations: used(invitations),
    join: used(alone, { readUnits: rosterOf(alone) + alone.counted.logUnits, answered: participantBytes }),
    send: used(send, { readUnits: rosterOf(send), writeUnits: 1, asked: text.length, answered: text.length }),
    history: used(history, { readUnits: history.counted.logUnits, answered: history.answered - messages }),
    sync: used(sync, { readUnits: sync.counted.logUnits }),
    ping: used(ping),
    leave: used(leave, { readUnits: rosterOf(leave) }),
    disconnect: silent(disconnect),
    sessionEnd: silent({
      ...ended,
      readUnits: ended.readUnits - ended.rosterUnits - disconnect.readUnits,
      writeUnits: ended.writeUnits - disconnect.writeUnits,
    }),
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    verbs,
    sessionBytes: sessionSize(joins.map(rosterOf)),
    entryBytes,
    messageBytes: bytesOf(push) - text.length,
    participantBytes,
    attendanceBytes: bytesOf(attendance),
    syncedRoom: sync.counted.logUnits,
    joinedGroup: besides(groupedJoin.counted) - besides(alone.counted),
  }
}

/** Read units that depend neither on who is there nor on what was said. */
const besides = ({ readUnits, rosterUnits, logUnits }: Counted) => readUnits - rosterUnits - logUnits

/** Of so many sessions a roster begins another 4 KB, which tells how long each is: as closely as a crowd of that size can. */
function sessionSize(units: readonly number[]): number {
  const most = Math.max(...units)
  return Math.floor((4096 * (most - 1)) / units.indexOf(most))
}

/** The shortest text with which a message begins its second KB tells how long it is without one. */
async function entrySize(say: (at: number, length: number) => Promise<Counted>) {
  let [short, long, at] = [1, 1023, 1]
  while (long - short > 1) {
    const middle = Math.floor((short + long) / 2)
    if ((await say(at++, middle)).writeUnits > 1) long = middle
    else short = middle
  }
  return { entryBytes: 1025 - long, at }
}
