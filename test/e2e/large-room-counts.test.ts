import { type Local, startLocal } from '../../local/start.ts'
import { FakeCrowd } from '../support/dynamodb/crowd.ts'
import { prepared } from '../support/prepared/prepared.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'
import { someName } from './world.ts'

let run: Local
let crowd: FakeCrowd
const sockets: ChatSocket[] = []

beforeAll(async () => {
  run = await startLocal({ port: 0, app: (await prepared('start'))?.environment.APP })
  crowd = await FakeCrowd.in(run)
})
afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()))
  await run.settled()
})
afterAll(async () => {
  crowd.end()
  await run.stop()
})

async function connect(user: string): Promise<ChatSocket> {
  const token = await fetch(`${run.origin}/token?${new URLSearchParams({ user, name: user })}`)
  const socket = await ChatSocket.open(run.url, await token.text())
  sockets.push(socket)
  return socket
}

/** An open room with Alice and a number of other connections. */
async function room(others: number): Promise<{ alice: ChatSocket; roomId: string; name: string }> {
  const alice = await connect('alice')
  const name = someName()
  const { room: made } = await alice.ask('createRoom', { name, privacy: 'open' })
  const { roomId } = made
  await alice.ask('join', { roomId })
  await crowd.add(roomId, others)
  return { alice, roomId, name }
}

async function joined(user: string, roomId: string): Promise<{ socket: ChatSocket; reply: Frame }> {
  const socket = await connect(user)
  return { socket, reply: await socket.ask('join', { roomId }) }
}

/** The units that these functions read and write during an action, and how often they query the sessions. */
async function used(functions: RegExp, action: () => Promise<unknown>) {
  run.usage.reset()
  await action()
  const read = () => run.usage.read().dynamodb.filter((line) => functions.test(line.function))
  // A client may notice its close before the run does.
  while (read().length === 0) await crowd.store.crowd('a room that does not exist')
  await run.settled()
  const lines = read()
  const sum = (units: (line: (typeof lines)[number]) => number) => lines.reduce((all, line) => all + units(line), 0)
  return {
    read: sum((line) => line.readUnits),
    written: sum((line) => line.writeUnits),
    queries: sum((line) => (line.operation === 'Query' && /Sessions/.test(line.table) ? line.calls : 0)),
  }
}

describe('a room of more than 500 connections', () => {
  it('shows a counted number of participants in join and in browse, and pushes no joins and leaves', async () => {
    const { alice, roomId, name } = await room(520)
    const { reply } = await joined('bob', roomId)
    expect(reply).toMatchObject({ participantCount: 522, messages: [] })
    expect(reply.participants).toBeUndefined()
    await crowd.freezeCount(roomId)
    const { socket: carol, reply: later } = await joined('carol', roomId)
    expect(later).toMatchObject({ participantCount: 522 })
    await carol.ask('leave', { roomId })
    const { rooms } = await alice.ask('browse', { criteria: { text: name, match: 'phrase' } })
    expect(rooms).toMatchObject([{ roomId, participantCount: 522 }])
    expect(rooms[0].atLeast).toBeUndefined()
    await crowd.expireCount(roomId)
    expect((await joined('dave', roomId)).reply.participantCount).toBe(523)
    expect(alice.pushes).toEqual([])
  })

  it('is an ordinary room again when it has fewer than 400 connections', async () => {
    const { alice, roomId } = await room(520)
    const { socket: bob } = await joined('bob', roomId)
    const { socket: carol } = await joined('carol', roomId)
    await crowd.remove(roomId, 123)
    await crowd.expireCount(roomId)
    await bob.ask('leave', { roomId })
    expect(await crowd.store.crowd(roomId)).toMatchObject({ connections: 399, crowded: true, large: false })
    await crowd.remove(roomId, 520)
    await carol.ask('leave', { roomId })
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'carol' } })
    expect(alice.pushes).toEqual([])
    expect((await joined('dave', roomId)).reply.participants).toHaveLength(2)
  })
})

describe('a join or leave in a large room', () => {
  it('costs the same with six hundred and with ten thousand connections', async () => {
    const costs = []
    for (const size of [600, 10_000]) {
      const { roomId } = await room(size)
      await joined('bob', roomId)
      await crowd.freezeCount(roomId)
      const carol = await connect('carol')
      const dave = await connect('dave')
      costs.push({
        join: await used(/Join/, () => carol.ask('join', { roomId })),
        leave: await used(/Leave/, () => carol.ask('leave', { roomId })),
        resume: await used(/Join/, () => dave.ask('join', { roomId, after: 0 })),
        end: await used(/Disconnect/, () => dave.close()),
      })
    }
    const join = { read: 15, written: 8, queries: 0 }
    const leave = { read: 1, written: 6, queries: 0 }
    expect(costs).toEqual(Array(2).fill({ join, leave, resume: join, end: leave }))
  })

  it('rarely counts the connections: fifty simultaneous joins count a few times at most', async () => {
    const { roomId } = await room(600)
    const { reply } = await joined('bob', roomId)
    await crowd.expireCount(roomId)
    const guests: ChatSocket[] = []
    while (guests.length < 50) {
      const next = Array.from({ length: 10 }, (_, nr) => connect(`guest-${guests.length + nr}`))
      guests.push(...(await Promise.all(next)))
    }
    const { queries } = await used(/Join/, async () => {
      const replies = await Promise.all(guests.map((socket) => socket.ask('join', { roomId })))
      for (const { participantCount } of replies)
        expect(participantCount).toBeGreaterThanOrEqual(reply.participantCount)
    })
    expect(queries).toBeGreaterThan(0)
    expect(queries).toBeLessThan(4)
  })
})
