import type { RoomPush } from '../../client/pushes.ts'
import { NoReply } from '../../client/socket.ts'
import { page, refusal } from './held-connection.ts'
import { outcomeOf } from './listening.ts'
import { pendingMessage, tryOf } from './lone-sender.ts'
import { joinedSubscription, joinReply, loneSubscription, messagesFrom } from './lone-subscription.ts'
import { settled } from './manual-clock.ts'
import { message, room, roomId, you } from './scripted-server.ts'

/** A subscription without a client: the join, and what the server pushes and answers. */

const bob = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }
const alice = { user: 'alice', name: 'Alice', isManager: true, isPresenter: false }
const rejoin = ['join', { roomId, after: 7 }]
const historyAfter = (after: number) => ['history', { roomId, after, limit: 200 }]
const pushOf = (push: object) => push as RoomPush

describe('a join', () => {
  const reply = joinReply(9, { messages: messagesFrom(8, 9) })

  it('without a position starts after the log and raises nothing', async () => {
    const { subscription, connection, raised, toldToMove, rooms } = await joinedSubscription(reply, {
      keepRaised: true,
    })
    expect([raised, connection.asked, toldToMove]).toEqual([[], [], [subscription]])
    expect([subscription.position, subscription.log.epoch, subscription.live]).toEqual([9, 'first', true])
    expect([subscription.view, subscription.roomId, rooms.ids]).toEqual([{ room, you }, roomId, [roomId]])
    void subscription.sender.add(pendingMessage('a'))
    await settled()
    expect(connection.asked).toEqual([['send', tryOf('a', 9)]])
  })

  it.each([undefined, 'first'])(
    'with a position raises the later messages, and reads those that are missing (epoch %p)',
    async (epoch) => {
      const options = { after: 7, epoch, keepRaised: true }
      const { connection, raised } = await joinedSubscription(joinReply(10, { messages: messagesFrom(8, 9) }), options)
      expect(raised).toEqual([
        ['message', message(8)],
        ['message', message(9)],
        ['gap', { after: 9, before: 11 }],
      ])
      expect(connection.asked).toEqual([historyAfter(9)])
    },
  )

  it('with an epoch of old joins anew and raises a reset', async () => {
    const { connection, raised } = await joinedSubscription(reply, { after: 9, epoch: 'of old', keepRaised: true })
    expect([connection.asked, raised]).toEqual([[['join', { roomId }]], []])
    await connection.answer(reply)
    expect(raised).toEqual([['reset', { ...reply, reason: 'epoch' }]])
  })

  it('with an epoch but no position starts after the log', async () => {
    const { connection, raised } = await joinedSubscription(reply, { epoch: 'of old', keepRaised: true })
    expect([connection.asked, raised]).toEqual([[], []])
  })

  it('on a connection that has ended meanwhile is lost at once', async () => {
    const { subscription, connection, raised, toldToMove } = loneSubscription()
    connection.close()
    subscription.enter(reply, connection, undefined)
    subscription.start(reply, connection, {})
    await settled()
    expect([raised, toldToMove, connection.asked]).toEqual([[['live', false]], [subscription], []])
    expect(subscription.target).toBeUndefined()
  })

  it('raises the pushes that came before it, and does not begin if one of them ended it', async () => {
    for (const isKicked of [false, true]) {
      const { subscription, connection, raised, rooms, toldToMove } = loneSubscription()
      rooms.reserve(subscription, { roomId })
      rooms.receive(pushOf({ type: 'message', ...message(8) }))
      if (isKicked) rooms.receive(pushOf({ type: 'kicked', roomId, reason: 'revoked' }))
      subscription.enter(joinReply(7), connection, undefined)
      expect(raised).toEqual([])
      subscription.start(joinReply(9), connection, {})
      await settled()
      const seen = ['message', message(8)]
      expect(raised).toEqual([seen, isKicked ? ['end', 'revoked'] : ['gap', { after: 8, before: 10 }]])
      expect([connection.asked, toldToMove]).toEqual(isKicked ? [[], []] : [[historyAfter(8)], [subscription]])
    }
  })
})

describe('a push', () => {
  const removal = { ...message(8), from: undefined, removes: [3] }
  const { from: _, ...unknown } = message(8)

  it.each<[string, object, object[]]>([
    ['a message', { type: 'message', ...message(8) }, [['message', message(8)]]],
    [
      'messages',
      { type: 'messages', roomId, messages: messagesFrom(8, 9) },
      messagesFrom(8, 9).map((one) => ['message', one]),
    ],
    ['a removal', { type: 'message', ...removal }, [['removal', removal]]],
    ['an entry of an unknown kind', { type: 'message', ...unknown }, []],
    ['the end', { type: 'kicked', roomId, reason: 'revoked' }, [['end', 'revoked']]],
    [
      'a participant',
      { type: 'participant', roomId, event: 'joined', user: bob },
      [['participant', { event: 'joined', user: bob }]],
    ],
    [
      'an unknown type',
      { type: 'confetti', roomId, version: 2, changed: {}, event: 'joined', user: bob, reason: 'x' },
      [],
    ],
  ])('with %s is raised as it is, and not after the end', async (_name, push, events) => {
    const { subscription, raised } = await joinedSubscription()
    subscription.receive(pushOf(push))
    expect(raised).toStrictEqual(events)
    const ended = await joinedSubscription()
    ended.subscription.finish()
    ended.subscription.receive(pushOf(push))
    ended.subscription.noteHead(9)
    expect([ended.raised, ended.subscription.log.last, ended.subscription.log.head]).toEqual([[], 7, 7])
  })

  it('about the rights of the caller asks for them; one about others does not', async () => {
    const { subscription, connection, raised } = await joinedSubscription(joinReply(7, { participants: [bob] }))
    for (const [event, user] of [
      ['joined', alice],
      ['changed', { ...bob, isManager: true }],
      ['left', alice],
    ] as const) {
      subscription.receive({ type: 'participant', roomId, event, user })
    }
    expect([raised.length, connection.asked]).toEqual([3, []])
    subscription.receive({ type: 'participant', roomId, event: 'changed', user: alice })
    expect(connection.asked).toEqual([rejoin])
    await connection.answer(joinReply(7, { you: { ...you, canManage: true } }))
    expect(raised).toContainEqual(['rights', { ...you, canManage: true }])
  })

  it('about the rights of the caller is only noted while there is no connection', async () => {
    const { subscription, connection } = await joinedSubscription()
    subscription.connectionLost(connection)
    expect(() => subscription.receive({ type: 'participant', roomId, event: 'changed', user: alice })).not.toThrow()
    expect(connection.asked).toEqual([])
  })
})

describe('a push about the room', () => {
  it.each<[string, number, boolean]>([
    ['a later version is raised', 3, true],
    ['the same version is ignored', 2, false],
    ['an earlier version is ignored', 1, false],
  ])('with %s', async (_, version, isRaised) => {
    const now = { ...room, version: 2 }
    const { subscription, connection, raised, clock } = await joinedSubscription(joinReply(7, { room: now }))
    const changed = { name: { old: 'Lobby', new: 'Hall' } }
    subscription.receive(pushOf({ type: 'room', roomId, version, changed }))
    const edited = { ...now, version, name: 'Hall' }
    expect(raised).toEqual(isRaised ? [['room', { room: edited, changed }]] : [])
    expect(subscription.view).toEqual({ room: isRaised ? edited : now, you })
    await clock.pass(1000)
    expect(connection.asked).toEqual([])
  })

  it.each(['auditorium', 'privacy', 'categoryId'])(
    'with a change of %s asks for the rights after a random wait',
    async (name) => {
      const { subscription, connection, clock } = await joinedSubscription()
      subscription.receive(
        pushOf({ type: 'room', roomId, version: 2, changed: { name: { new: 'x' }, [name]: { new: 'y' } } }),
      )
      expect([clock.due, connection.asked]).toEqual([[500], []])
      await clock.pass(500)
      expect(connection.asked).toEqual([rejoin])
    },
  )
})

describe('missing messages', () => {
  const gapTo = (seq: number) => pushOf({ type: 'message', ...message(seq) })

  it('are read on the present connection', async () => {
    const { subscription, connection, clock, raised } = await joinedSubscription()
    subscription.receive(gapTo(9))
    await clock.pass(375)
    expect(connection.asked).toEqual([historyAfter(7)])
    await connection.answer(page(9, ...messagesFrom(8, 9)))
    expect(raised).toEqual([
      ['gap', { after: 7, before: 9 }],
      ['message', message(8)],
      ['message', message(9)],
    ])
  })

  it('are not read without a connection, and nobody waits for them', async () => {
    const { subscription, connection, clock } = await joinedSubscription()
    subscription.receive(gapTo(9))
    subscription.connectionLost(connection)
    await clock.pass(375)
    expect([connection.asked, clock.due]).toEqual([[], []])
  })

  it.each<[string, object]>([
    ['that the server refuses', refusal('resync_required')],
    ['that have another epoch', { ...page(9), epoch: 'second' }],
    ['in the reply to another query', { rooms: [] }],
  ])('%s lead to another join, if there is a connection', async (_, answer) => {
    for (const isLost of [false, true]) {
      const { subscription, connection } = await joinedSubscription()
      subscription.noteHead(9)
      if (isLost) subscription.connectionLost(connection)
      await connection.answer(answer)
      expect(connection.asked).toEqual(isLost ? [historyAfter(7)] : [historyAfter(7), rejoin])
    }
  })
})

describe('the list of all participants', () => {
  it('is read page by page', async () => {
    const { subscription, connection } = await joinedSubscription()
    const listing = subscription.listParticipants()
    await connection.answer({ participants: [bob], cursor: 'two' })
    await connection.answer({ participants: [alice] })
    expect(await outcomeOf(listing)).toEqual({ value: [bob, alice] })
    expect(connection.asked).toEqual([
      ['participants', { roomId, idempotent: true }],
      ['participants', { roomId, cursor: 'two', idempotent: true }],
    ])
  })

  it('is read when a crowded room announces its participants again', async () => {
    const crowded = joinReply(7, { participants: undefined, participantCount: 80 })
    const { subscription, connection, raised } = await joinedSubscription(crowded)
    expect([subscription.roster.participants, subscription.roster.count]).toEqual([undefined, 80])
    subscription.receive({ type: 'participant', roomId, event: 'joined', user: bob })
    await connection.answer({ participants: [alice, bob] })
    expect(subscription.roster.participants).toEqual([alice, bob])
    expect([raised, connection.asked]).toEqual([[], [['participants', { roomId, idempotent: true }]]])
  })

  it('rejects if a page is not answered', async () => {
    const { subscription, connection } = await joinedSubscription()
    const listing = outcomeOf(subscription.listParticipants())
    await connection.answer(new NoReply('timeout'))
    expect(await listing).toMatchObject({ error: { name: 'NoReply', reason: 'timeout' } })
  })
})
