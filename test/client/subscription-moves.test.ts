import { NoReply } from '../../client/socket.ts'
import { HeldConnection, refusal } from './held-connection.ts'
import { outcomeOf } from './listening.ts'
import { pendingMessage, storedAs, tryOf } from './lone-sender.ts'
import { joinedSubscription, joinReply, loneSubscription, messagesFrom } from './lone-subscription.ts'
import { settled } from './manual-clock.ts'
import { message, room, roomId, you } from './scripted-server.ts'

/** A subscription without a client: how it moves to another connection. */

const rejoin = ['join', { roomId, after: 7 }]
const joinAnew = ['join', { roomId }]

/** A subscription that has asked to join on another connection. */
async function moving() {
  const all = await joinedSubscription()
  const next = new HeldConnection()
  const moved = all.subscription.resume(next)
  expect(next.asked).toEqual([rejoin])
  return { ...all, next, moved }
}

/** A subscription that has lost its connection, and has asked to join on another one. */
async function returning() {
  const all = await joinedSubscription()
  all.connection.close()
  all.subscription.connectionLost(all.connection)
  expect([all.raised.splice(0), all.toldToMove.splice(0)]).toEqual([[['live', false]], [all.subscription]])
  const next = new HeldConnection()
  void all.subscription.resume(next)
  return { ...all, next }
}

describe('a move', () => {
  it('raises what was missed, and asks, sends and is live on the new connection', async () => {
    const { subscription, connection, next, raised, toldToMove } = await moving()
    expect([subscription.target, subscription.live]).toEqual([next, true])
    await next.answer(joinReply(10, { messages: messagesFrom(8, 9) }))
    expect(raised).toEqual([
      ['message', message(8)],
      ['message', message(9)],
      ['gap', { after: 9, before: 11 }],
    ])
    void subscription.sender.add(pendingMessage('a'))
    await settled()
    expect(next.asked.slice(1)).toEqual([
      ['history', { roomId, after: 9, limit: 200 }],
      ['send', tryOf('a', 9)],
    ])
    expect([connection.asked, toldToMove]).toEqual([[], []])
    connection.close()
    expect([subscription.live, subscription.target]).toEqual([true, next])
    next.close()
    expect(subscription.live).toBe(false)
  })

  it('raises that the session is live if it was not', async () => {
    const { subscription, next, raised } = await returning()
    expect(subscription.live).toBe(false)
    await next.answer(joinReply(8, { messages: [message(8)] }))
    expect(raised).toEqual([
      ['message', message(8)],
      ['live', true],
    ])
  })

  it('raises how the room and the rights have changed', async () => {
    const { next, raised, subscription } = await moving()
    const edited = { ...room, version: 4, name: 'Hall', topic: 'Doors' }
    const more = { ...you, canManage: true }
    await next.answer(joinReply(7, { room: edited, you: more }))
    const changed = {
      name: { old: 'Lobby', new: 'Hall' },
      topic: { old: undefined, new: 'Doors' },
      version: { old: 1, new: 4 },
    }
    expect(raised).toStrictEqual([
      ['room', { room: edited, changed }],
      ['rights', more],
    ])
    expect(subscription.view).toEqual({ room: edited, you: more })
  })

  it('raises nothing about a room of the same version and equal rights', async () => {
    const { next, raised, subscription } = await moving()
    await next.answer(joinReply(7, { room: { ...room, name: 'Hall' }, you: { ...you } }))
    expect([raised, subscription.view?.room.name]).toEqual([[], 'Hall'])
  })

  it('raises who came meanwhile', async () => {
    const { next, raised, subscription } = await moving()
    const bob = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }
    await next.answer(joinReply(7, { participants: [bob] }))
    expect(raised).toEqual([['participant', { event: 'joined', user: bob }]])
    expect(subscription.roster.participants).toEqual([bob])
  })
})

describe('a move to a log that has changed', () => {
  const unknown = { roomId, seq: 2, sentAt: '2026-11-22T22:33:01.123Z' }
  const anew = joinReply(3, { epoch: 'second', messages: [message(1), unknown, storedAs(3, 'a')] })
  const known = { ...anew, messages: [message(1), storedAs(3, 'a')] }

  it.each([
    ['epoch', joinReply(9, { epoch: 'second' })],
    ['resync_required', refusal('resync_required')],
  ])('starts anew and finds its own message there (%s)', async (reason, answer) => {
    const { subscription, next, raised } = await moving()
    const sending = subscription.sender.add(pendingMessage('a'))
    sending.catch(() => undefined)
    await next.answer(answer)
    expect([next.asked, raised]).toEqual([[rejoin, joinAnew], []])
    await next.answer(anew)
    expect(raised).toEqual([
      ['reset', { ...known, reason }],
      ['sent', { clientMessageId: 'a', message: storedAs(3, 'a'), duplicate: true }],
    ])
    expect([subscription.log.epoch, subscription.log.last, next.asked.length]).toEqual(['second', 3, 2])
    expect(await outcomeOf(sending)).toEqual({ value: storedAs(3, 'a') })
  })

  it('asks again from the start after a wait if the server is busy', async () => {
    const { next, clock, raised } = await moving()
    await next.answer(joinReply(9, { epoch: 'second' }))
    await next.answer(refusal('unavailable', { retryable: true, retryAfterMs: 30 }))
    expect(clock.due).toEqual([30])
    await clock.pass(30)
    expect(next.asked.slice(2)).toEqual([joinAnew])
    await next.answer(anew)
    expect(raised).toEqual([['reset', { ...known, reason: 'epoch' }]])
  })

  it('ends the session if the server cannot start anew either', async () => {
    const { next, raised } = await moving()
    await next.answer(refusal('resync_required'))
    const error = refusal('resync_required')
    await next.answer(error)
    expect([next.asked.length, raised]).toEqual([2, [['end', error]]])
  })
})

describe('a move that fails', () => {
  const waits = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]

  it.each<[string, Error, number[]]>([
    ['without a reply', new NoReply('timeout'), waits],
    ['by the gateway', new NoReply('gateway'), waits],
    ['because the server is busy', refusal('unavailable', { retryable: true }), waits],
    ['for a time', refusal('unavailable', { retryable: true, retryAfterMs: 70 }), [70, 70]],
    ['for no time', refusal('unavailable', { retryable: true, retryAfterMs: 0 }), [0, 0]],
  ])('%s is repeated after waits that the clock shows', async (_, error, expected) => {
    const { next, clock, raised } = await returning()
    for (const wait of expected) {
      await next.answer(error)
      expect(clock.due).toEqual([wait])
      await clock.pass(wait)
    }
    expect(next.asked).toEqual(Array(expected.length + 1).fill(rejoin))
    expect(raised).toEqual([])
    await next.answer(joinReply(7))
    expect(raised).toEqual([['live', true]])
  })

  it('waits briefly again after one that succeeded', async () => {
    const { subscription, next, clock } = await moving()
    await next.answer(new NoReply('timeout'))
    await clock.pass(500)
    await next.answer(joinReply(7))
    void subscription.resume(next)
    await next.answer(new NoReply('timeout'))
    expect(clock.due).toEqual([500])
  })

  it('because the room refuses ends the session', async () => {
    const { next, raised, rooms, clock } = await moving()
    const error = refusal('forbidden')
    await next.answer(error)
    expect([raised, rooms.ids, clock.due]).toEqual([[['end', error]], [], []])
  })

  it.each<[string, (next: HeldConnection) => object]>([
    ['ends before its answer', () => new NoReply('closed')],
    [
      'ends with its answer',
      (next) => {
        next.close()
        return joinReply(7)
      },
    ],
  ])('because the connection %s asks for a connection, and keeps the present one', async (_, answer) => {
    const { subscription, connection, next, raised, toldToMove, clock } = await moving()
    await next.answer(answer(next))
    next.close()
    expect([toldToMove, clock.due, raised]).toEqual([[subscription], [], []])
    expect([subscription.target, subscription.live]).toEqual([connection, true])
  })

  it.each<[string, (all: Awaited<ReturnType<typeof moving>>) => void]>([
    ['the connection has ended', ({ next }) => next.close()],
    ['the session has ended', ({ subscription }) => subscription.end('revoked', false)],
    ['the session is leaving', ({ subscription }) => Object.assign(subscription, { leaving: true })],
    ['it has moved elsewhere', ({ subscription }) => void subscription.resume(new HeldConnection())],
  ])('is not repeated if meanwhile %s', async (_, happen) => {
    const all = await moving()
    await all.next.answer(new NoReply('timeout'))
    happen(all)
    await all.clock.pass(60_000)
    expect(all.next.asked).toEqual([rejoin])
  })
})

describe('the answer to a move', () => {
  it.each<[string, object]>([
    ['a reply', joinReply(9, { messages: messagesFrom(8, 9), epoch: 'second' })],
    ['a final refusal', refusal('forbidden')],
    ['a refusal for a time', refusal('unavailable', { retryable: true })],
    ['the end of its connection', new NoReply('closed')],
  ])('is ignored if a later move has begun: %s', async (_, answer) => {
    const { subscription, next, raised, clock, toldToMove } = await moving()
    const latest = new HeldConnection()
    void subscription.resume(latest)
    await next.answer(answer)
    expect([raised, clock.due, toldToMove, next.asked]).toEqual([[], [], [], [rejoin]])
    await latest.answer(joinReply(8, { messages: [message(8)] }))
    expect([raised, subscription.target]).toEqual([[['message', message(8)]], latest])
  })

  it.each<[string, object]>([
    ['a reply', joinReply(8, { messages: [message(8)] })],
    ['a refusal', refusal('forbidden')],
  ])('is ignored after the end: %s', async (_, answer) => {
    const { subscription, next, raised } = await moving()
    subscription.finish()
    await next.answer(answer)
    expect([raised, subscription.log.last, next.asked]).toEqual([[], 7, [rejoin]])
  })

  it('is awaited by those who wait for the end of moves, also that of a later move', async () => {
    const { subscription, next } = await moving()
    let isSettled = false
    void subscription.moveSettled().then(() => {
      isSettled = true
    })
    const latest = new HeldConnection()
    void subscription.resume(latest)
    await next.answer(joinReply(7))
    expect(isSettled).toBe(false)
    await latest.answer(joinReply(7))
    expect(isSettled).toBe(true)
    expect(await outcomeOf(subscription.moveSettled())).toStrictEqual({ value: undefined })
  })
})

describe('no move begins', () => {
  it('before the join is answered', async () => {
    const { subscription, connection } = loneSubscription()
    expect(await outcomeOf(subscription.resume(connection))).toStrictEqual({ value: undefined })
    expect([connection.asked, subscription.target, subscription.position]).toEqual([[], undefined, undefined])
    expect([subscription.live, subscription.view, subscription.roomId]).toEqual([false, undefined, undefined])
  })

  it.each<[string, (all: Awaited<ReturnType<typeof joinedSubscription>>) => void]>([
    ['after the end', ({ subscription }) => subscription.finish()],
    ['while the session leaves', ({ subscription }) => Object.assign(subscription, { leaving: true })],
    ['to a closed connection', ({ connection }) => connection.close()],
  ])('%s', async (_, happen) => {
    const all = await joinedSubscription()
    happen(all)
    expect(await outcomeOf(all.subscription.resume(all.connection))).toStrictEqual({ value: undefined })
    expect(all.connection.asked).toEqual([])
  })

  it('when a connection has lost its session, unless it is the present one and the session stays', async () => {
    const { subscription, connection } = await joinedSubscription()
    const other = new HeldConnection()
    subscription.notJoined(other)
    subscription.leaving = true
    subscription.notJoined(connection)
    expect([other.asked, connection.asked]).toEqual([[], []])
    subscription.leaving = false
    subscription.notJoined(connection)
    expect([other.asked, connection.asked]).toEqual([[], [rejoin]])
  })
})
