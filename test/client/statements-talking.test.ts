import { FormattedMessage, SessionStateError } from '../../client/index.ts'
import { faultySockets } from './faulty-socket.ts'
import { collected, errorOf, next } from './listening.ts'
import { aClientWorld } from './world.ts'

/** The statements of the original's page on joining and leaving, one test each. This is the second half. */

const world = aClientWorld()

describe('sending', () => {
  test('20: a message is in the room of its session and in no other', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const client = await world().connected('alice')
    const [first, second] = [client.session(), client.session()]
    await Promise.all([first.join(room), second.join(other)])
    expect(await first.send('Here')).toMatchObject({ roomId: room.roomId, seq: 1 })
    expect((await second.historyPage()).messages).toEqual([])
  })

  test('21: to send to another room the session leaves and joins that room', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const session = await world().joined('alice', room)
    await session.send('Here')
    await session.switchTo(other)
    expect(await session.send('There')).toMatchObject({ roomId: other.roomId, seq: 1 })
  })

  test('22: a send in a session that is not established is refused and has no effect', async () => {
    const room = await world().room()
    const client = await world().connected('alice')
    const session = client.session()
    expect(await errorOf(session.send('Idle'))).toMatchObject({ name: 'SessionStateError', state: 'idle' })
    const joining = session.join(room)
    expect(await errorOf(session.send('Early'))).toMatchObject({ state: 'establishing' })
    await joining
    client.close()
    expect(await errorOf(session.send('Late'))).toMatchObject({ state: 'terminated' })
    expect((await world().joined('bob', room)).head).toBe(0)
  })

  test('23: a message from the handler of the state terminating is sent before the session leaves', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const heard = next(bob, 'message')
    const gone = next(bob, 'participant', ({ event }) => event === 'left')
    const session = await world().joined('alice', room)
    session.on('state', ({ state }) => {
      if (state === 'terminating') void session.send('Bye.')
    })
    await session.leave()
    expect(await heard).toMatchObject({ text: 'Bye.' })
    await gone
    expect(await errorOf(session.send('Too late.'))).toBeInstanceOf(SessionStateError)
  })

  test('24: an emoticon and a text arrive as two parts in that order', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const heard = next(bob, 'message')
    const alice = await world().joined('alice', room)
    await alice.send(new FormattedMessage().appendEmoticon('wink').appendText('Like').toMessage())
    expect(await heard).toMatchObject({
      text: ';)Like',
      parts: [
        { type: 'emoticon', emoticon: 'wink' },
        { type: 'text', text: 'Like' },
      ],
    })
  })

  test('25: a message handler can send', async () => {
    const room = await world().room()
    const [alice, bob] = [await world().joined('alice', room), await world().joined('bob', room)]
    bob.on('message', ({ text }) => {
      if (text === 'Ping') void bob.send('Pong')
    })
    const answer = next(alice, 'message', ({ text }) => text === 'Pong')
    await alice.send('Ping')
    expect(await answer).toMatchObject({ seq: 2, from: { user: 'bob' } })
  })
})

describe('receiving', () => {
  test('26: each message is raised in every established session of the room', async () => {
    const room = await world().room()
    const sessions = await Promise.all(['alice', 'alice', 'bob', 'bob'].map((user) => world().joined(user, room)))
    const heard = sessions.map((session) => next(session, 'message'))
    await sessions[2]?.send('All of you')
    for (const message of await Promise.all(heard)) expect(message).toMatchObject({ seq: 1, text: 'All of you' })
  })

  test('27: own messages are raised too, with the client’s user as their author', async () => {
    const room = await world().room()
    const client = await world().connected('alice')
    const session = client.session()
    await session.join(room)
    const heard = next(session, 'message')
    await session.send('Mine')
    expect((await heard).from?.user).toBe(client.user)
  })

  test('28: a message has a room, an author, content, a number, a time, an alert, rich text and parts', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const heard = next(bob, 'message')
    const alice = await world().joined('alice', room)
    const { parts, text } = new FormattedMessage()
      .appendText('Look: ')
      .appendLink('docs', 'https://example.com')
      .toMessage()
    const rich = { contentType: 'text/markdown', body: '*Look*' }
    const sent = await alice.send({ text, ...(parts && { parts }), alert: true, rich })
    expect(await heard).toEqual(sent)
    expect(sent).toMatchObject({
      roomId: room.roomId,
      from: { user: 'alice', name: 'Alice' },
      seq: 1,
      text,
      parts,
      alert: true,
      rich,
    })
    expect(Date.parse(sent.sentAt)).not.toBeNaN()
    expect(bob.room).toMatchObject({ roomId: sent.roomId, name: room.name, uri: room.uri })
  })

  test('29: no message is raised in sessions of other rooms or in sessions that left', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const client = await world().connected('bob')
    const [left, elsewhere] = [client.session(), client.session()]
    await Promise.all([left.join(room), elsewhere.join(other)])
    const strays = [collected(left, 'message'), collected(elsewhere, 'message')]
    await left.leave()
    const alice = await world().joined('alice', room)
    await alice.send('Not for bob')
    await alice.switchTo(other)
    const heard = next(elsewhere, 'message')
    await alice.send('For bob')
    expect(await heard).toMatchObject({ text: 'For bob' })
    expect(strays.map((messages) => messages.length)).toEqual([0, 1])
  })

  test('30: a handler that is not registered misses a message, but the history has it', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const alice = await world().joined('alice', room)
    const stop = bob.on('message', () => {
      throw new Error('It was called off.')
    })
    stop()
    await alice.send('Missed')
    const found = []
    for await (const message of bob.history()) found.push(message.text)
    expect(found).toEqual(['Missed'])
  })
})

describe('leaving', () => {
  test('31: leave passes through terminating and has no effect on a session that is not established', async () => {
    const room = await world().room()
    const session = (await world().connected('alice')).session()
    await session.leave()
    expect(session.state).toBe('idle')
    await session.join(room)
    const states = collected(session, 'state')
    await session.leave()
    expect(states).toEqual([{ state: 'terminating' }, { state: 'idle' }])
    await session.leave()
    expect(states).toHaveLength(2)
  })

  test('32: switchTo leaves only a joined room, and leaves before it joins', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const session = (await world().connected('alice')).session()
    const states = collected(session, 'state')
    expect(await session.switchTo()).toBeUndefined()
    expect(states).toEqual([])
    await session.switchTo(room)
    await session.switchTo(other)
    const passed = ['establishing', 'established', 'terminating', 'idle', 'establishing', 'established']
    expect(states.map(({ state }) => state)).toEqual(passed)
    expect(session.room?.roomId).toBe(other.roomId)
  })

  test('33: after a leave the same session can join another room, and the same room again', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const session = await world().joined('alice', room)
    for (const target of [other, room]) {
      await session.leave()
      await session.join(target)
      expect(await session.send('Back')).toMatchObject({ roomId: target.roomId })
    }
  })

  test('34: after a leave no events of the room arrive, and the client does not list it', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const client = await world().connected('bob')
    const session = client.session()
    await session.join(room)
    const events = [collected(session, 'message'), collected(session, 'participant')]
    await session.leave()
    expect(client.rooms).toEqual([])
    const alice = await world().joined('alice', room)
    await alice.send('Gone?')
    await session.join(other)
    expect(events).toEqual([[], []])
  })

  test('35: a leave is announced to the other participants', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const came = next(bob, 'participant')
    const alice = await world().joined('alice', room)
    expect(await came).toMatchObject({ event: 'joined', user: { user: 'alice', name: 'Alice' } })
    const went = next(bob, 'participant', ({ event }) => event === 'left')
    await alice.leave()
    expect(await went).toMatchObject({ user: { user: 'alice' } })
    expect(bob.participants.map(({ user }) => user)).toEqual(['bob'])
  })

  test('36: a revoked membership ends only its session; a lost connection interrupts delivery until the next one', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const sockets = faultySockets()
    const client = await world().connected('bob', { webSocket: sockets.WebSocket })
    const [kicked, stays] = [client.session(), client.session()]
    await Promise.all([kicked.join(room), stays.join(other)])
    const ended = next(kicked, 'state')
    const alice = await world().connected('alice')
    await alice.revoke({ roomId: room.roomId, role: 'member', principals: ['user:bob'] })
    expect(await ended).toEqual({ state: 'terminated', reason: 'revoked' })
    expect([stays.state, client.rooms]).toEqual(['established', [other.roomId]])
    const [lost, healed] = [next(stays, 'live'), next(stays, 'live', (live) => live)]
    sockets.cutAll()
    expect(await lost).toBe(false)
    await healed
    const last = next(stays, 'state')
    client.close()
    expect(await last).toMatchObject({ state: 'terminated', reason: { name: 'ConnectionError' } })
  })

  test('37: a request has one result, even if its reply arrives twice', async () => {
    const room = await world().room()
    const sockets = faultySockets({ doubleReply: 1 })
    const session = await world().joined('alice', room, { webSocket: sockets.WebSocket })
    const sent = collected(session, 'sent')
    expect(await session.send('Once')).toMatchObject({ seq: 1 })
    expect(await session.send('Again')).toMatchObject({ seq: 2 })
    expect(sent).toHaveLength(2)
    expect(sockets.figures.doubled).toBeGreaterThan(3)
  })
})
