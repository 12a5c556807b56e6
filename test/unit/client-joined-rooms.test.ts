import type { Subscriber } from '../../client/client-ports.ts'
import { deferred } from '../../client/deferred.ts'
import { concernsRoomOf, JoinedRooms } from '../../client/joined-rooms.ts'
import type { RoomPush } from '../../client/pushes.ts'
import type { Replies, RoomReference } from '../../client/requests.ts'
import { type Connection, NoReply } from '../../client/socket.ts'
import { outcomeOf } from '../client/outcome.ts'

/** A session that writes down what it is told. */
function aSubscriber(more: Partial<Subscriber> = {}) {
  const told: unknown[][] = []
  const tell =
    (what: string) =>
    (...args: unknown[]) =>
      void told.push([what, ...args])
  const subscriber: Subscriber = {
    view: undefined,
    position: undefined,
    target: undefined,
    receive: tell('receive'),
    resume: async (connection) => tell('resume')(connection),
    connectionLost: tell('connectionLost'),
    notJoined: tell('notJoined'),
    noteHead: tell('noteHead'),
    end: tell('end'),
    ...more,
  }
  return Object.assign(subscriber, { told })
}

/** A connection that writes down its requests and answers them when the test says so. */
function aConnection(isOpen = true) {
  const asked: unknown[][] = []
  const { promise, resolve } = deferred<void>()
  const ask = (...args: unknown[]) => {
    asked.push(args)
    return promise as Promise<never>
  }
  const connection: Connection = { isOpen, ask }
  return { connection, asked, answer: () => resolve() }
}

const push = (roomId: string, seq = 1): RoomPush => ({ type: 'message', roomId, seq, sentAt: 'now' })

const view = (roomId: string, name: string) => ({ room: { roomId, name } }) as Subscriber['view']

const isDone = async (work: Promise<unknown>) => (await outcomeOf(work)) !== 'pending'

describe('the rooms of a client', () => {
  it('have one session each, until that session leaves', () => {
    const rooms = new JoinedRooms()
    const [first, second, joining] = [aSubscriber(), aSubscriber(), aSubscriber()]
    rooms.enter(first, 'attic')
    rooms.enter(second, 'cellar')
    rooms.announce(joining)
    expect(() => rooms.enter(second, 'attic')).toThrow(expect.objectContaining({ name: 'InvalidOperationError' }))
    expect([rooms.ids, rooms.all]).toEqual([
      ['attic', 'cellar'],
      [first, second, joining],
    ])
    rooms.leave(joining)
    rooms.leave(first)
    rooms.endJoin(joining)
    expect([rooms.ids, rooms.all]).toEqual([['cellar'], [second]])
  })

  it.each<[string, RoomReference, boolean]>([
    ['a room that a session has', { roomId: 'attic' }, true],
    ['the URI of a room that a session has', { roomUri: 'chat://here/attic' }, true],
    ['a room that a session is joining', { roomId: 'cellar' }, true],
    ['another room', { roomId: 'hall' }, false],
    ['a name, even while another join by name is in progress', { roomName: 'Attic' }, false],
  ])('can be joined unless they are taken: %s', (_, reference, isTaken) => {
    const rooms = new JoinedRooms()
    rooms.enter(aSubscriber(), 'attic')
    rooms.reserve(aSubscriber(), { roomId: 'cellar' })
    rooms.reserve(aSubscriber(), { roomName: 'Somewhere' })
    const reserve = () => rooms.reserve(aSubscriber(), reference)
    if (isTaken) expect(reserve).toThrow(expect.objectContaining({ name: 'InvalidOperationError' }))
    else expect(reserve).not.toThrow()
  })
})

describe('a push', () => {
  it('goes to the session of its room', () => {
    const rooms = new JoinedRooms()
    const [first, second] = [aSubscriber(), aSubscriber()]
    rooms.enter(first, 'attic')
    rooms.enter(second, 'cellar')
    rooms.receive(push('cellar'))
    expect([first.told, second.told]).toEqual([[], [['receive', push('cellar')]]])
  })

  it('for a room without a session is held while a join is in progress, and not otherwise', () => {
    const rooms = new JoinedRooms()
    const [first, second] = [aSubscriber(), aSubscriber()]
    rooms.receive(push('attic', 1))
    rooms.reserve(first, { roomName: 'Attic' })
    rooms.reserve(second, { roomName: 'Cellar' })
    rooms.receive(push('attic', 2))
    rooms.receive(push('cellar', 7))
    rooms.endJoin(second)
    rooms.receive(push('attic', 3))
    expect(rooms.enter(first, 'attic')).toEqual([push('attic', 2), push('attic', 3)])
    rooms.endJoin(first)
    rooms.receive(push('cellar', 8))
    expect(rooms.enter(second, 'cellar')).toEqual([])
  })

  it('is held as one of 1000 at most, again after the end of the join', () => {
    const rooms = new JoinedRooms()
    for (const roomId of ['attic', 'cellar']) {
      const subscriber = aSubscriber()
      rooms.reserve(subscriber, { roomId })
      for (let seq = 1; seq <= 1002; seq++) rooms.receive(push(roomId, seq))
      const held = rooms.enter(subscriber, roomId)
      expect([held.length, held.at(-1)]).toEqual([1000, push(roomId, 1000)])
      rooms.endJoin(subscriber)
    }
  })
})

describe('a leave in progress', () => {
  it.each([
    ['succeeds', (leave: ReturnType<typeof deferred<void>>) => leave.resolve()],
    ['fails', (leave: ReturnType<typeof deferred<void>>) => leave.reject(new Error('No.'))],
  ])('delays joins of its room until it %s, and is forgotten then', async (_, end) => {
    const rooms = new JoinedRooms()
    const leave = deferred<void>()
    const concerns = jest.fn((reference: RoomReference) => 'roomId' in reference && reference.roomId === 'attic')
    rooms.trackLeave(leave.promise, concerns)
    expect(await isDone(rooms.leavesDone({ roomId: 'cellar' }))).toBe(true)
    const waiting = rooms.leavesDone({ roomId: 'attic' })
    expect(await isDone(waiting)).toBe(false)
    end(leave)
    await expect(waiting).resolves.toBeUndefined()
    concerns.mockClear()
    await rooms.leavesDone({ roomId: 'attic' })
    expect(concerns).not.toHaveBeenCalled()
  })

  it.each<[string, Subscriber['view'], RoomReference, boolean]>([
    ['its room by the id', view('attic', 'Attic'), { roomId: 'attic' }, true],
    ['its room by the name', view('attic', 'Attic'), { roomName: 'ATTIC' }, true],
    ['no other room', view('attic', 'Attic'), { roomId: 'cellar' }, false],
    ['every room while its own is not known', undefined, { roomId: 'cellar' }, true],
  ])('concerns %s', (_, known, reference, expected) => {
    expect(concernsRoomOf(aSubscriber({ view: known }))(reference)).toBe(expected)
  })
})

describe('a join that is undone', () => {
  const joined = { room: { roomId: 'attic' } } as Replies['join']
  const left = [['leave', { roomId: 'attic' }]]

  it.each<[string, Promise<Replies['join']>, boolean, boolean, unknown[]]>([
    ['leaves the room of the reply', Promise.resolve(joined), true, false, left],
    ['sends nothing on a closed connection', Promise.resolve(joined), false, false, []],
    ['leaves the room to another session that has it', Promise.resolve(joined), true, true, []],
    ['leaves the room that was asked for without a reply', Promise.reject(new NoReply('timeout')), true, false, left],
    ['sends nothing after a refusal', Promise.reject(new Error('Refused.')), true, false, []],
  ])('%s', async (_, answer, isOpen, isTaken, expected) => {
    const rooms = new JoinedRooms()
    const { connection, asked, answer: left } = aConnection(isOpen)
    if (isTaken) rooms.enter(aSubscriber(), 'attic')
    rooms.undoJoin(answer, connection, { roomId: 'attic' })
    const waiting = rooms.leavesDone({ roomId: 'cellar' })
    expect(await isDone(waiting)).toBe(expected.length === 0)
    expect(asked).toEqual(expected)
    left()
    expect(await isDone(waiting)).toBe(true)
  })
})

describe('a new connection', () => {
  it('gets ten rooms at a time', async () => {
    const rooms = new JoinedRooms()
    const { connection } = aConnection()
    const moves = Array.from({ length: 12 }, () => deferred<void>())
    let begun = 0
    for (const [at, { promise }] of moves.entries()) {
      const resume = () => {
        begun++
        return promise
      }
      rooms.enter(aSubscriber({ resume }), `room ${at}`)
    }
    const moving = rooms.moveTo(connection)
    expect([begun, await isDone(moving)]).toEqual([10, false])
    for (const { resolve } of moves.slice(0, 10)) resolve()
    expect([await isDone(moving), begun]).toEqual([false, 12])
    for (const { resolve } of moves) resolve()
    expect(await isDone(moving)).toBe(true)
  })

  it('gets the sessions that are on another one, if there is one', () => {
    const rooms = new JoinedRooms()
    const [{ connection: old }, { connection: current }] = [aConnection(), aConnection()]
    const [moved, there] = [aSubscriber({ target: old }), aSubscriber({ target: current })]
    rooms.moveIfNeeded([moved, there], undefined)
    expect([moved.told, there.told]).toEqual([[], []])
    rooms.moveIfNeeded([moved, there], current)
    expect([moved.told, there.told]).toEqual([[['resume', current]], []])
  })

  it('is needed by all rooms when the old one is lost', () => {
    const rooms = new JoinedRooms()
    const { connection } = aConnection()
    const both = [aSubscriber(), aSubscriber()]
    for (const [at, subscriber] of both.entries()) rooms.enter(subscriber, `room ${at}`)
    rooms.connectionLost(connection)
    for (const { told } of both) expect(told).toEqual([['connectionLost', connection]])
  })
})

describe('a heartbeat', () => {
  it('has the position of each room, 0 while it is not known', () => {
    const rooms = new JoinedRooms()
    rooms.enter(aSubscriber({ position: 7 }), 'attic')
    rooms.enter(aSubscriber(), 'cellar')
    expect([...rooms.positions()]).toEqual([
      ['attic', 7],
      ['cellar', 0],
    ])
  })

  it.each<[string, number, (connection: Connection) => unknown[][]]>([
    ['behind the position is joined again', 6, (connection) => [['resume', connection]]],
    ['at the position gets its head', 7, () => [['noteHead', 7]]],
    ['ahead of the position gets its head', 8, () => [['noteHead', 8]]],
  ])('shows that a room %s', (_, head, expected) => {
    const rooms = new JoinedRooms()
    const { connection } = aConnection()
    const subscriber = aSubscriber()
    rooms.enter(subscriber, 'attic')
    const heads = { attic: { head, floor: 1 }, 'left since': { head, floor: 1 } }
    rooms.compare(new Map(Object.entries({ attic: 7, 'left since': 7 })), { rooms: heads }, connection)
    expect(subscriber.told).toEqual(expected(connection))
  })

  it('tells a room that the server has no session for it, and gives its head to a room that was joined since', () => {
    const rooms = new JoinedRooms()
    const { connection } = aConnection()
    const [lost, recent] = [aSubscriber(), aSubscriber()]
    rooms.enter(lost, 'attic')
    rooms.enter(recent, 'cellar')
    const reply = { rooms: { cellar: { head: 0, floor: 1 } }, notJoined: ['attic', 'left since'] }
    rooms.compare(new Map([['attic', 7]]), reply, connection)
    expect([lost.told, recent.told]).toEqual([[['notJoined', connection]], [['noteHead', 0]]])
  })
})
