import type { Counts, Use, Verb } from '../../tools/price/counts.ts'
import type { LocalRun } from '../support/local-run/local-run.ts'
import type { ChatSocket } from '../support/socket/chat-socket.ts'
import { arrive, bytesOf, type Counted, exchange, hasLeft, Meter, messageId, personAt } from './meter.ts'

/** So few that joins are announced, and enough to estimate the size of a session. */
const crowd = 40

const text = 'all work and no play '.repeat(6).slice(0, 120)

type Exchange = Awaited<ReturnType<typeof exchange>>

/** Counts the use of each verb while a small crowd connects, sends and leaves. */
export async function countVerbs(run: LocalRun): Promise<Counts> {
  const meter = new Meter(run)
  const measure = async (socket: ChatSocket, action: string, fields: object = {}) => {
    let found: Exchange | undefined
    const counted = await meter.of(async () => (found = await exchange(socket, action, fields)))
    if (!found) throw new Error(`${action} was not sent.`)
    return { counted, ...found }
  }
  const isEnded = ({ ends }: Counted) => ends > 0
  const first = await arrive(run, 0)
  await meter.of(() => first.close(), isEnded)

  let back: ChatSocket | undefined
  const connect = await meter.of(async () => (back = await arrive(run, 0)))
  if (!back) throw new Error('The user is not connected.')
  const hello = await measure(back, 'hello')
  const invitations = await measure(back, 'invitations')
  const ping = await measure(back, 'ping')
  const { roomId } = (await back.ask('createRoom', { name: 'Counting' })).room
  const people = Array.from({ length: crowd }, (_, at) => at)
  await back.ask('grant', { roomId, role: 'member', principals: people.map((at) => `user:${personAt(at).user}`) })
  const members = [back, ...(await Promise.all(people.slice(1).map((at) => arrive(run, at))))]
  const [one, two] = members
  const [last, next] = [members.at(-1), members.at(-2)]
  if (!one || !two || !last || !next) throw new Error('A member is missing.')

  const joins = []
  for (const member of members) joins.push(await measure(member, 'join', { roomId }))
  const [alone, full] = [joins[0], joins.at(-1)]
  if (!alone || !full) throw new Error('No member joined.')
  const participantEvent = await one.push('participant', { event: 'joined' })
  const participantBytes = Math.round((full.replyBytes - alone.replyBytes) / (crowd - 1))

  const send = (at: number, text: string) =>
    measure(members[at % crowd] ?? one, 'send', { roomId, text, clientMessageId: messageId(at), after: at })
  const sent = await send(0, text)
  const push = await two.push('message')
  const { entryBytes, at: behind } = await entrySize(async (at, length) => (await send(at, 'x'.repeat(length))).counted)
  for (let at = behind; at < behind + 30; at++) await send(at, text)
  // The first cursor of a deployment makes the key that seals all of them.
  await one.ask('history', { roomId, limit: 30 })
  const history = await measure(one, 'history', { roomId, limit: 30 })
  const sync = await measure(one, 'sync', { rooms: { [roomId]: behind + 30 } })

  const leave = await measure(last, 'leave', { roomId })
  const disconnect = await meter.of(() => last.close(), isEnded)
  const others = members.slice(0, -2)
  const disconnectNext = async () => {
    await next.close()
    await Promise.all(others.map((other) => other.frame(hasLeft(crowd - 2))))
  }
  const ended = await meter.of(disconnectNext, isEnded)
  const grouped = await arrive(run, crowd - 1, { groups: 'ops' })
  const groupedJoin = await measure(grouped, 'join', { roomId })
  await Promise.all([...others, grouped].map((other) => other.close()))

  const used = ({ counted, requestBytes, replyBytes }: typeof hello, less: Partial<Use> = {}): Use => ({
    readUnits: counted.readUnits - (less.readUnits ?? 0),
    writeUnits: counted.writeUnits - (less.writeUnits ?? 0),
    requestBytes: requestBytes - (less.requestBytes ?? 0),
    replyBytes: replyBytes - (less.replyBytes ?? 0),
  })
  const silent = ({ readUnits, writeUnits }: Counted): Use => ({
    readUnits,
    writeUnits,
    requestBytes: 0,
    replyBytes: 0,
  })
  const rosterOf = ({ counted }: typeof hello) => counted.rosterUnits
  const messages = bytesOf(history.reply) - 30 * bytesOf({ ...push, type: undefined })
  const verbs: Record<Verb, Use> = {
    connect: silent(connect),
    hello: used(hello),
    invitations: used(invitations),
    join: used(alone, { readUnits: rosterOf(alone) + alone.counted.logUnits, replyBytes: participantBytes }),
    send: used(sent, { readUnits: rosterOf(sent), writeUnits: 1, requestBytes: text.length, replyBytes: text.length }),
    history: used(history, { readUnits: history.counted.logUnits, replyBytes: history.replyBytes - messages }),
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
    participantEventBytes: bytesOf(participantEvent),
    syncedRoom: sync.counted.logUnits,
    joinedGroup: otherUnits(groupedJoin.counted) - otherUnits(alone.counted),
  }
}

/** Read units without those of the roster and the log. */
const otherUnits = ({ readUnits, rosterUnits, logUnits }: Counted) => readUnits - rosterUnits - logUnits

/** The size of a session, from the number of sessions at which the roster begins another 4 KB. */
function sessionSize(units: readonly number[]): number {
  const most = Math.max(...units)
  return Math.floor((4096 * (most - 1)) / units.indexOf(most))
}

/** The size of an entry without text, from the shortest text with which it begins its second KB. */
async function entrySize(send: (at: number, length: number) => Promise<Counted>) {
  let [short, long, at] = [1, 1023, 1]
  while (long - short > 1) {
    const middle = Math.floor((short + long) / 2)
    if ((await send(at++, middle)).writeUnits > 1) long = middle
    else short = middle
  }
  return { entryBytes: 1025 - long, at }
}
