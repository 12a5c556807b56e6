import { Chance } from '../simulation/chance.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'

const world = aLocalWorld({ SEED: '5' })

const open = { privacy: 'open' }

async function present(reader: ChatSocket, room: Frame): Promise<string[]> {
  const { participants } = await reader.ask('participants', { roomId: room.roomId })
  return participants.map(({ user }: Frame) => user).sort()
}

const pushesOf = (socket: ChatSocket, type: string) => socket.pushes.filter((push) => push.type === type)

/** Sends a message and waits for its push: every push that was posted earlier has then arrived. */
async function pushesArrived(from: ChatSocket, to: ChatSocket, room: Frame): Promise<number> {
  const { message } = await from.ask('send', { roomId: room.roomId, text: 'last' })
  await to.push('message', { seq: message.seq })
  return message.seq
}

/** Cuts the connections. The run gets later requests after it has noticed the cut. */
async function cut(...sockets: ChatSocket[]): Promise<void> {
  for (const socket of sockets) socket.kill()
  await Promise.all(sockets.map((socket) => socket.closed))
}

/** Waits until only these users are in the room. */
async function onlyPresent(reader: ChatSocket, room: Frame, others: string[]): Promise<void> {
  while ((await present(reader, room)).join() !== others.join()) await reader.ask('hello')
}

describe('a repeated event', () => {
  it('of $connect registers the connection once: each push arrives once, and the roster lists each user once', async () => {
    const room = await world().room(open, [])
    await world().faults('twiceConnect:1')
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    for (const text of ['one', 'two', 'three']) await alice.ask('send', { roomId: room.roomId, text })
    await pushesArrived(alice, bob, room)
    expect(pushesOf(bob, 'message').map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(await present(alice, room)).toEqual(['alice', 'bob'])
  })

  it('of $disconnect announces the leave once', async () => {
    const room = await world().room(open, [])
    const alice = await world().joined('alice', room)
    await world().faults('twiceDisconnect:1,twiceConnect:1')
    for (const user of ['bob', 'carol', 'bob', 'carol', 'bob']) {
      const guest = await world().joined(user, room)
      guest.kill()
      await alice.push('participant', { event: 'joined' })
      await alice.push('participant', { event: 'left' })
    }
    const dave = await world().joined('dave', room)
    await pushesArrived(dave, alice, room)
    expect(pushesOf(alice, 'participant').map(({ event, user }) => `${user.user} ${event}`)).toEqual(['dave joined'])
  })
})

describe('a connection without its $disconnect', () => {
  it('is ended by the next push and announced to everyone, the author included; no other connection ends', async () => {
    const room = await world().room(open, [])
    const alice = await world().joined('alice', room)
    const carol = await world().joined('carol', room)
    const phone = await world().joined('bob', room)
    const ghosts = [await world().joined('bob', room), await world().joined('dave', room)]
    await world().faults('dropDisconnect:1')
    await cut(...ghosts)
    const { message } = await alice.ask('send', { roomId: room.roomId, text: 'Hello' })
    expect(await carol.push('message')).toMatchObject({ seq: message.seq })
    expect(await phone.push('message')).toMatchObject({ seq: message.seq })
    // Bob is still in the room with another connection; Dave is not.
    for (const socket of [alice, carol, phone]) {
      expect(await socket.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'dave' } })
    }
    expect(await present(alice, room)).toEqual(['alice', 'bob', 'carol'])
    const before = await world().posts('Send', '410')
    expect(before).toBeGreaterThan(0)
    await pushesArrived(alice, carol, room)
    expect(await world().posts('Send', '410')).toBe(before)
    expect(pushesOf(carol, 'participant').filter(({ event }) => event === 'left')).toEqual([])
  })

  it('is ended by a join, and the reply to this join does not list it', async () => {
    const room = await world().room(open, [])
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    await world().faults('dropDisconnect:1')
    await cut(bob)
    const carol = await world().connect('carol')
    const { participants } = await carol.ask('join', { roomId: room.roomId })
    await alice.push('participant', { event: 'left' })
    expect(participants.map(({ user }: Frame) => user)).toEqual(['alice', 'carol'])
  })

  it('is announced once even if several authors find it at the same time', async () => {
    const room = await world().room(open, [])
    const [alice, carol, erin] = await Promise.all(['alice', 'carol', 'erin'].map((user) => world().joined(user, room)))
    if (!alice || !carol || !erin) throw new Error('A connection is missing.')
    await world().faults('dropDisconnect:1')
    for (let round = 0; round < 10; round++) {
      const bob = await world().joined('bob', room)
      await erin.frame(({ event, user }) => event === 'joined' && user.user === 'bob')
      await cut(bob)
      await Promise.all(
        [alice, carol, alice, carol].map((from) => from.ask('send', { roomId: room.roomId, text: 'All at once' })),
      )
      await erin.push('participant', { event: 'left' })
    }
    await pushesArrived(alice, erin, room)
    expect(pushesOf(erin, 'participant').filter(({ event }) => event === 'left')).toEqual([])
  })

  it('is ended by the next message when three of ten $disconnect events are lost', async () => {
    const room = await world().room(open, [])
    const alice = await world().joined('alice', room)
    await world().faults('dropDisconnect:0.3')
    const guests = await Promise.all(Array.from({ length: 30 }, (_, n) => world().joined(`guest${n}`, room)))
    const staying = guests.splice(0, 10)
    await cut(...guests)
    await alice.ask('send', { roomId: room.roomId, text: 'Hello' })
    await onlyPresent(alice, room, ['alice', ...staying.map((_, n) => `guest${n}`)])
    for (const guest of staying) expect(await guest.push('message')).toMatchObject({ seq: 1 })
  })
})

describe('a connection that is cut', () => {
  it('during $connect leaves no user in the room', async () => {
    const room = await world().room(open, [])
    const alice = await world().joined('alice', room)
    await world().faults('delayConnect:0.5,twiceConnect:0.5')
    const token = await world().deployment.token('bob')
    const before = (await world().invocations('isconnect')).calls
    const cuts = Array.from({ length: 20 }, async () => {
      const attempt = ChatSocket.open(world().run.url, token)
      void attempt.then((socket) => socket.kill())
      await attempt
    })
    await Promise.all(cuts)
    while ((await world().invocations('isconnect')).calls < before + cuts.length) await alice.ask('hello')
    expect(await present(alice, room)).toEqual(['alice'])
  })

  it('during join leaves no session behind, at 200 random moments', async () => {
    const room = await world().room(open, [])
    const alice = await world().joined('alice', room)
    const chance = new Chance(11)
    const [rounds, each] = [20, 10]
    const ended = async () => (await world().invocations('isconnect')).calls
    const endedBefore = await ended()
    const join = JSON.stringify({ action: 'join', id: 'j', roomId: room.roomId })
    for (let round = 0; round < rounds; round++) {
      const sockets = await Promise.all(Array.from({ length: each }, (_, n) => world().connect(`guest${n}`)))
      await Promise.all(
        sockets.map(async (socket) => {
          const turns = chance.whole(0, 40)
          socket.socket.send(join)
          for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
          await cut(socket)
        }),
      )
    }
    while ((await ended()) < endedBefore + rounds * each) await alice.ask('hello')
    await onlyPresent(alice, room, ['alice'])
    const before = await world().posts('Send', '410')
    await alice.ask('send', { roomId: room.roomId, text: 'Hello' })
    expect(await world().posts('Send', '410')).toBe(before)
  })
})

describe('a connection', () => {
  it('that joins a room several times has one session: it gets each push once and is announced once', async () => {
    const room = await world().room(open, [])
    const alice = await world().joined('alice', room)
    const bob = await world().connect('bob')
    await Promise.all(Array.from({ length: 8 }, () => bob.ask('join', { roomId: room.roomId })))
    await bob.ask('join', { roomId: room.roomId })
    await pushesArrived(alice, bob, room)
    await pushesArrived(bob, alice, room)
    expect(pushesOf(bob, 'message')).toEqual([])
    await alice.push('participant', { event: 'joined' })
    expect(pushesOf(alice, 'participant')).toEqual([])
  })

  it('of a user with two connections gets the same log as the other, each position once', async () => {
    const room = await world().room(open, [])
    const [alice, laptop, phone] = ['alice', 'bob', 'bob'].map((user) => world().author(user, room))
    if (!alice || !laptop || !phone) throw new Error('A connection is missing.')
    await Promise.all([alice.present(), laptop.present(), phone.present()])
    await Promise.all([alice.say(10), laptop.say(10)])
    await Promise.all([alice, laptop, phone].map((author) => author.reached(20)))
    expect(phone.view).toEqual(alice.view)
    expect(laptop.view).toEqual(alice.view)
    await Promise.all([alice, laptop, phone].map((author) => author.close()))
  })
})
