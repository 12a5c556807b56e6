import { limits } from '../../protocol/limits.ts'
import { type LocalRun, startLocalRun } from '../../test/support/local-run/local-run.ts'
import type { ChatSocket } from '../../test/support/socket/chat-socket.ts'
import { type Consumption, consumed } from './consumption.ts'
import { closeAll, connect, joinedRoom, textOf, userAt } from './members.ts'
import { progress } from './progress.ts'
import { rounded, table, verdict } from './report.ts'

/** Each situation runs this often, and its use is divided by it. */
const times = 10

const target = { writeUnits: 1.02, readUnits: 2.5 }

type Row = readonly [situation: string, used: Consumption, target?: string]

/** The units, calls and posts of each verb. */
export async function verbs(): Promise<string> {
  const run = await startLocalRun()
  try {
    const rows: Row[] = []
    const measure = async (situation: string, count: number, action: () => Promise<unknown>) => {
      progress(`verbs: ${situation}`)
      const used = await consumed(run, count, action)
      rows.push([situation, used, situation.startsWith('send') ? verdictOf(used) : ''])
    }
    await connectAndJoin(run, measure)
    for (const listeners of [1, 5, 20]) await sends(run, listeners, measure)
    await reading(run, measure)
    await leaveAndDisconnect(run, measure)
    const head = ['situation', 'read units', 'of these roster', 'write units', 'posts', 'calls', 'target']
    return table(head, rows.map(cells))
  } finally {
    await run.stop()
  }
}

type Measure = (situation: string, count: number, action: () => Promise<unknown>) => Promise<void>

async function connectAndJoin(run: LocalRun, measure: Measure): Promise<void> {
  const opened: ChatSocket[] = []
  const open = async () => opened.push(await connect(run, userAt(0)))
  await measure('connect, a new user', 1, open)
  for (let at = 1; at < 4; at++) await open()
  await measure('connect, the fifth of the user', 1, open)
  while (opened.length < limits.connectionsPerUser) await open()
  await measure('connect, one more than the user may have', 1, open)
  const alice = opened.at(-1) ?? (await connect(run, userAt(0)))
  await measure('hello', times, () => repeat(() => alice.ask('hello')))
  const rooms: string[] = []
  await measure('createRoom', times, () =>
    repeat(async (at) => rooms.push((await alice.ask('createRoom', { name: `Verbs ${at}` })).room.roomId)),
  )
  const roomId = rooms[0] ?? ''
  const grantee = (user: string) => ({ roomId, role: 'member', principals: [`user:${user}`] })
  await measure('getRoom', times, () => repeat(() => alice.ask('getRoom', { roomId })))
  // The category of the room invites users who become members by name.
  await measure('grant to a user who is not connected, with an invitation', times, () =>
    repeat((at) => alice.ask('grant', grantee(userAt(at + 1)))),
  )
  await measure('revoke of a user who is not joined', times, () =>
    repeat((at) => alice.ask('revoke', grantee(userAt(at + 1)))),
  )
  await alice.ask('grant', grantee(userAt(0)))
  await measure('join of an empty room without messages', 1, () => alice.ask('join', { roomId }))
  await measure('join again on the same connection', times, () => repeat(() => alice.ask('join', { roomId })))
  await closeAll(opened)
}

async function sends(run: LocalRun, listeners: number, measure: Measure): Promise<void> {
  const { roomId, members } = await joinedRoom(run, listeners + 1)
  // Another author in each room, as the retries of a rate-limited message would be counted.
  const author = members.at(-1)
  if (!author) return
  let head = 0
  const send = async (fields: object = {}) => {
    const { message } = await author.ask('send', { roomId, text: textOf(head), ...fields })
    head = message.seq
  }
  const named = (id: string) => ({ clientMessageId: id, after: head })
  const who = `${listeners} ${listeners === 1 ? 'listener' : 'listeners'}`
  await measure(`send, ${who}`, times, () => repeat(() => send()))
  await measure(`send with clientMessageId, ${who}`, times, () => repeat((at) => send(named(`named-${at}`))))
  if (listeners === 5) {
    const last = { text: 'once more', clientMessageId: 'retried', after: head }
    await author.ask('send', { roomId, ...last })
    await measure(`the same message again, ${who}`, times, () => repeat(() => author.ask('send', { roomId, ...last })))
  }
  await closeAll(members)
}

async function reading(run: LocalRun, measure: Measure): Promise<void> {
  const { roomId, members } = await joinedRoom(run, 20)
  const [alice, bob] = members
  if (!alice || !bob) return
  for (let at = 0; at < 40; at++) await alice.ask('send', { roomId, text: textOf(at) })
  await bob.ask('leave', { roomId })
  await measure('join of a room of 20, 30 messages', 1, () => bob.ask('join', { roomId }))
  await bob.ask('leave', { roomId })
  await measure('join of a room of 20, resuming after 10 messages', 1, () => bob.ask('join', { roomId, after: 30 }))
  await measure('history of 30, joined', times, () => repeat(() => alice.ask('history', { roomId, limit: 30 })))
  await measure('participants, 20, joined', times, () => repeat(() => alice.ask('participants', { roomId })))
  await bob.ask('leave', { roomId })
  await measure('history of 30, not joined', times, () => repeat(() => bob.ask('history', { roomId, limit: 30 })))
  const rooms: { [roomId: string]: number } = {}
  for (let at = 0; at < 10; at++) {
    const { room } = await alice.ask('createRoom', { name: `Sync ${at}` })
    await alice.ask('grant', { roomId: room.roomId, role: 'member', principals: [`user:${userAt(0)}`] })
    await alice.ask('join', { roomId: room.roomId })
    await alice.ask('send', { roomId: room.roomId, text: textOf(at) })
    rooms[room.roomId] = 1
  }
  await measure('sync of 10 joined rooms, none moved', 1, () => alice.ask('sync', { rooms }))
  const stale = Object.fromEntries(Object.keys(rooms).map((id) => [id, 0]))
  await measure('sync of 10 joined rooms, all moved', 1, () => alice.ask('sync', { rooms: stale }))
  await closeAll(members)
}

async function leaveAndDisconnect(run: LocalRun, measure: Measure): Promise<void> {
  const { roomId, members } = await joinedRoom(run, 8)
  const [alice, bob, carol, ...others] = members
  if (!alice || !bob || !carol) return
  await measure('leave, 7 remain', 1, () => bob.ask('leave', { roomId }))
  await measure('disconnect with a session in one room, 6 remain', 1, () => carol.close())
  const users = others.map((_, at) => `user:${userAt(at + 3)}`)
  const revoked = { roomId, role: 'member', principals: users }
  await measure('revoke of 5 joined users, 1 remains', 1, () => alice.ask('revoke', revoked))
  await closeAll([alice, bob, ...others])
  const idle = await connect(run, 'visitor')
  await measure('disconnect without a session', 1, () => idle.close())
}

async function repeat(action: (at: number) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < times; at++) await action(at)
}

function verdictOf({ readUnits, rosterUnits, writeUnits }: Consumption): string {
  return `write ${verdict(writeUnits, target.writeUnits)}; read ${verdict(readUnits - rosterUnits, target.readUnits)}`
}

const cells = ([situation, used, verdicts = '']: Row) => [
  situation,
  rounded(used.readUnits),
  rounded(used.rosterUnits),
  rounded(used.writeUnits),
  rounded(used.posts),
  callsIn(used),
  verdicts,
]

/** Sorted by name, as concurrent calls have no fixed order. */
const callsIn = ({ calls }: Consumption) =>
  [...calls]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => (count === 1 ? name : `${rounded(count)} × ${name}`))
    .join(', ')
