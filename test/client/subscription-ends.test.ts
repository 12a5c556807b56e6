import { ConnectionError, SessionStateError } from '../../client/errors.ts'
import { HeldConnection, refusal } from './held-connection.ts'
import { outcomeOf } from './listening.ts'
import { pendingMessage, storedAs } from './lone-sender.ts'
import { joinedSubscription, joinReply, messagesFrom } from './lone-subscription.ts'
import { settled } from './manual-clock.ts'
import { message, roomId } from './scripted-server.ts'

/** A subscription without a client: its own messages, a lost connection, and its end. */

/** A subscription whose message `a` is being sent. */
async function sendingSubscription() {
  const all = await joinedSubscription()
  const abort = new AbortController()
  const sending = all.subscription.sender.add(pendingMessage('a'), abort.signal)
  sending.catch(() => undefined)
  await settled()
  return { ...all, sending, abort }
}

/** The server refuses to join the room on the next connection. */
async function rejoinRefused({ subscription }: Awaited<ReturnType<typeof sendingSubscription>>): Promise<void> {
  const next = new HeldConnection()
  void subscription.resume(next)
  await next.answer(refusal('forbidden'))
}

const closed = new ConnectionError('The client was closed.', 'closed')

describe('an own message', () => {
  const stored = { message: storedAs(8, 'a'), duplicate: false }
  const sent = ['sent', { clientMessageId: 'a', ...stored }]

  it('that is stored is raised like any other, and as sent', async () => {
    const { connection, raised } = await sendingSubscription()
    await connection.answer(stored)
    expect(raised).toEqual([['message', stored.message], sent])
  })

  it('that comes by a push is sent by that', async () => {
    const { subscription, raised } = await sendingSubscription()
    subscription.receive({ type: 'message', ...stored.message })
    await settled()
    expect(raised).toEqual([
      ['message', stored.message],
      ['sent', { clientMessageId: 'a', message: stored.message, duplicate: true }],
    ])
  })

  it('that was cancelled and is stored all the same is raised as a message', async () => {
    const { connection, raised, abort } = await sendingSubscription()
    abort.abort(new Error('enough'))
    await settled()
    await connection.answer(stored)
    expect(raised.map(([name]) => name)).toEqual(['failed', 'message'])
  })

  it('that has no session on the server makes the room join again', async () => {
    const { connection } = await sendingSubscription()

    await connection.answer(refusal('not_joined'))
    expect(connection.asked.slice(1)).toEqual([['join', { roomId, after: 7 }]])
    await connection.answer(joinReply(7))
    expect(connection.asked.slice(2).map(([verb]) => verb)).toEqual(['send'])
  })
})

describe('a lost connection', () => {
  it('is told, and another one is asked for', async () => {
    const { subscription, connection, raised, toldToMove } = await joinedSubscription()
    subscription.connectionLost(connection)
    expect([raised, toldToMove]).toEqual([[['live', false]], [subscription]])
    expect([subscription.live, subscription.target]).toEqual([false, undefined])
    subscription.connectionLost(connection)
    expect([raised.length, toldToMove.length]).toEqual([1, 2])
  })

  it('that is not the present one is not told', async () => {
    const { subscription, raised, toldToMove } = await joinedSubscription()
    subscription.connectionLost(new HeldConnection())
    expect([raised, toldToMove, subscription.live]).toEqual([[], [subscription], true])
  })

  it('after the end has no effect', async () => {
    const { subscription, connection, raised, toldToMove } = await joinedSubscription()
    subscription.finish()
    subscription.connectionLost(connection)
    expect([raised, toldToMove]).toEqual([[], []])
  })

  it('stops the messages until the next one', async () => {
    const { subscription, connection } = await joinedSubscription()
    subscription.connectionLost(connection)
    void subscription.sender.add(pendingMessage('a'))
    await settled()
    expect([connection.asked, subscription.sender.outbox.length]).toEqual([[], 1])
  })
})

describe('the end', () => {
  it('by an error is told once, with that error for each message', async () => {
    const { subscription, sending, raised, rooms } = await sendingSubscription()
    const waiting = subscription.sender.add(pendingMessage('b'))
    subscription.end(closed, true)
    subscription.end(new Error('again'), false)
    expect(raised.map(([name]) => name)).toEqual(['failed', 'failed', 'end'])
    expect(raised[2]).toEqual(['end', closed])
    expect((await outcomeOf(waiting))?.error).toBe(closed)
    expect(await outcomeOf(sending)).toMatchObject({ error: { code: 'closed', undecided: true, cause: closed } })
    expect(rooms.ids).toEqual([])
    expect((await outcomeOf(subscription.sender.add(pendingMessage('c'))))?.error).toBe(closed)
  })

  it('by the server fails a message with the state of the session', async () => {
    const { subscription, sending, raised } = await sendingSubscription()
    subscription.end('revoked', false)
    const cause = new SessionStateError('send', 'terminated')
    expect(await outcomeOf(sending)).toMatchObject({ error: { code: 'unanswered', undecided: true, cause } })
    expect(raised.at(-1)).toEqual(['end', 'revoked'])
  })

  it.each<[string, boolean, (all: Awaited<ReturnType<typeof sendingSubscription>>) => unknown]>([
    ['by a push', false, ({ subscription }) => subscription.receive({ type: 'kicked', roomId, reason: 'deleted' })],
    ['by a refusal to join again', false, (all) => rejoinRefused(all)],
    ['by the close of the client', true, ({ subscription }) => subscription.end(closed, true)],
  ])('%s leaves messages in the storage: %p', async (_, isKept, end) => {
    const all = await sendingSubscription()
    expect(all.storage.kept.size).toBe(1)
    await end(all)
    await settled()
    expect([all.raised.at(-1)?.[0], all.storage.kept.size]).toEqual(['end', isKept ? 1 : 0])
  })

  it('that a listener of a failed message causes again is told once', async () => {
    const { subscription, events, raised } = await sendingSubscription()
    events.on('failed', () => subscription.end(closed, false))
    subscription.end(new Error('first'), false)
    expect(raised.map(([name]) => name)).toEqual(['failed', 'end'])
    expect(raised[1]).toEqual(['end', closed])
  })

  it('by a listener of a message keeps the later messages from being raised', async () => {
    const { subscription, events, raised } = await joinedSubscription()
    events.on('message', () => subscription.end(closed, false))
    subscription.receive({ type: 'messages', roomId, messages: messagesFrom(8, 10) })
    expect(raised).toEqual([
      ['message', message(8)],
      ['end', closed],
    ])
  })

  it('keeps a list of participants that comes afterwards from being raised', async () => {
    const user = (at: number) => ({ user: `u${at}`, name: `U${at}`, isManager: false, isPresenter: false })
    const full = joinReply(7, { participants: Array.from({ length: 75 }, (_, at) => user(at)) })
    const { subscription, connection, raised } = await joinedSubscription(full)
    subscription.receive({ type: 'participant', roomId, event: 'joined', user: user(75) })
    subscription.finish()
    await connection.answer({ participants: [] })
    expect(raised).toEqual([['participant', { event: 'joined', user: user(75) }]])
  })

  it('stops all waits', async () => {
    const { subscription, clock, connection, raised } = await joinedSubscription()
    subscription.receive({ type: 'message', ...message(9) })
    subscription.receive({
      type: 'room',
      roomId,
      version: 2,
      changed: { privacy: { old: 'open', new: 'closed' } },
    } as never)
    expect(clock.due).toEqual([337.5, 500])
    raised.length = 0
    subscription.finish()
    await clock.pass(60_000)
    expect([clock.due, connection.asked, raised]).toEqual([[], [], []])
  })

  it('takes the room from the client, unless another session has it', async () => {
    const { subscription, rooms } = await joinedSubscription()
    subscription.finish()
    expect(rooms.ids).toEqual([])
    const other = await joinedSubscription()
    rooms.enter(other.subscription, roomId)
    subscription.finish()
    expect(rooms.ids).toEqual([roomId])
  })
})
