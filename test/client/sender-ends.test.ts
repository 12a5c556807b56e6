import { ConnectionError, SessionStateError } from '../../client/errors.ts'
import { NoReply } from '../../client/socket.ts'
import { refusal } from './held-connection.ts'
import { outcomeOf } from './listening.ts'
import { loneSender, openSender, outboxKey, pendingMessage, storedAs, tryOf } from './lone-sender.ts'
import { settled } from './manual-clock.ts'
import { roomId } from './scripted-server.ts'

/** Messages that are cancelled, and senders that end. */

const cancelled = new Error('It was cancelled.')
const failureOf = (clientMessageId: string, error: unknown) => [
  'failed',
  { clientMessageId, body: { text: `text ${clientMessageId}` }, error },
]

/** A sender whose first message is being tried, while the second one waits. */
async function busySender() {
  const all = await openSender()
  const abort = new AbortController()
  const sending = [all.sender.add(pendingMessage('a'), abort.signal), all.sender.add(pendingMessage('b'))] as const
  for (const one of sending) one.catch(() => undefined)
  await settled()
  return { ...all, sending, abort }
}

describe('a message that is cancelled', () => {
  it.each([
    ['is not sent if it waits for the connection', false],
    ['is not tried again if it is being tried', true],
  ])('%s', async (_, connected) => {
    const { sender, connection, clock, raised, kept } = await openSender({ connected })
    const abort = new AbortController()
    const sending = sender.add(pendingMessage('a'), abort.signal)
    await settled()
    abort.abort(cancelled)
    expect((await outcomeOf(sending))?.error).toBe(cancelled)
    expect(raised).toEqual([failureOf('a', cancelled)])
    await settled()
    expect([sender.outbox, kept()]).toEqual([[], []])
    if (connected) await connection.answer(new NoReply('timeout'))
    await clock.pass(60_000)
    expect(connection.asked).toEqual(connected ? [['send', tryOf('a', 7)]] : [])
  })

  it('is not sent if the storage was being written', async () => {
    const { sender, connection, raised } = await openSender()
    const abort = new AbortController()
    const sending = sender.add(pendingMessage('a'), abort.signal)
    abort.abort('enough')
    expect((await outcomeOf(sending))?.error).toBe('enough')
    await settled()
    expect([connection.asked, sender.tries]).toEqual([[], 0])
    expect(raised).toEqual([failureOf('a', new Error('enough'))])
  })

  it('is told as stored if its try succeeds all the same', async () => {
    const { connection, abort, raised, sender } = await busySender()
    abort.abort(cancelled)
    await settled()
    await connection.answer({ message: storedAs(8, 'a'), duplicate: false })
    expect(raised).toEqual([failureOf('a', cancelled), ['stored', storedAs(8, 'a')]])
    expect(connection.asked.slice(1)).toEqual([['send', tryOf('b', 7)]])
    expect(sender.outbox).toHaveLength(1)
  })

  it('is told once if its try is refused afterwards', async () => {
    const { connection, abort, raised } = await busySender()
    abort.abort(cancelled)
    await connection.answer(refusal('invalid'))
    expect(raised).toEqual([failureOf('a', cancelled)])
    expect(connection.asked.slice(1)).toEqual([['send', tryOf('b', 7)]])
  })

  it('after it was stored stays stored', async () => {
    const { connection, abort, raised, sending } = await busySender()
    await connection.answer({ message: storedAs(8, 'a'), duplicate: false })
    abort.abort(cancelled)
    expect(await outcomeOf(sending[0])).toEqual({ value: storedAs(8, 'a') })
    expect(raised).toEqual([['sent', { clientMessageId: 'a', message: storedAs(8, 'a'), duplicate: false }]])
  })
})

describe('a sender that ends', () => {
  it('with the messages kept leaves them in the storage', async () => {
    const { sender, kept } = await busySender()
    sender.stop(new SessionStateError('send', 'idle'), true)
    await settled()
    expect(sender.outbox).toEqual([])
    expect(kept()).toMatchObject([
      { clientMessageId: 'a', after: 7, undecided: true },
      { clientMessageId: 'b', since: 7 },
    ])
  })

  it('without that removes them from the storage', async () => {
    const { sender, storage } = await busySender()
    sender.stop(new SessionStateError('send', 'terminated'), false)
    await settled()
    expect([sender.outbox, storage.kept.size]).toEqual([[], 0])
  })

  it.each<[string, Error, string]>([
    ['a lost connection', new ConnectionError('Closed.', 'closed'), 'closed'],
    ['another reason', new SessionStateError('send', 'terminated'), 'unanswered'],
  ])('by %s tells that a tried message is undecided, and not one that waited', async (_, reason, code) => {
    const { sender, sending, raised } = await busySender()
    sender.stop(reason, true)
    const undecided = (await outcomeOf(sending[0]))?.error
    if (!(undecided instanceof ConnectionError)) throw new Error('The promise did not reject with a ConnectionError.')
    expect({ ...undecided, message: undecided.message, cause: undecided.cause }).toEqual({
      name: 'ConnectionError',
      message: reason.message,
      code,
      undecided: true,
      cause: reason,
    })
    expect((await outcomeOf(sending[1]))?.error).toBe(reason)
    expect(raised).toEqual([failureOf('a', undecided), failureOf('b', reason)])
  })

  it('tells nothing and writes nothing when the answer comes afterwards', async () => {
    for (const outcome of [
      { message: storedAs(8, 'a'), duplicate: false },
      refusal('invalid'),
      new NoReply('timeout'),
    ]) {
      const { sender, connection, raised, clock, kept } = await busySender()
      sender.stop(cancelled, true)
      expect(raised).toHaveLength(2)
      await connection.answer(outcome)
      await clock.pass(60_000)
      sender.noteEntry(storedAs(8, 'a'))
      expect([raised.length, connection.asked.length, kept().length]).toEqual([2, 1, 2])
    }
  })

  it('ends the wait for the next try', async () => {
    const { sender, connection, clock } = await busySender()
    await connection.answer(new NoReply('timeout'))
    expect(clock.due).toEqual([100])
    sender.stop(cancelled, true)
    await settled()
    expect([clock.due, connection.asked.length]).toEqual([[], 1])
  })

  it('refuses later messages with its reason and stores none', async () => {
    const { sender, connection, raised, storage } = await openSender()
    sender.stop(cancelled, false)
    expect((await outcomeOf(sender.add(pendingMessage('a'))))?.error).toBe(cancelled)
    await settled()
    expect([sender.outbox, connection.asked, raised, storage.kept.size]).toEqual([[], [], [], 0])
  })

  it('while it reads the storage takes nothing from there', async () => {
    const { sender, connection, kept, storage } = loneSender()
    storage.kept.set(outboxKey, JSON.stringify([{ ...pendingMessage('a'), owner: 'gone' }]))
    const opening = sender.open(roomId)
    sender.stop(cancelled, false)
    expect(await outcomeOf(opening)).toStrictEqual({ value: undefined })
    sender.use(connection)
    await settled()
    expect([sender.outbox, connection.asked]).toEqual([[], []])
    expect(kept()).toMatchObject([{ clientMessageId: 'a' }])
  })
})

describe('the wait for an empty outbox', () => {
  it.each<[string, (busy: Awaited<ReturnType<typeof busySender>>) => unknown]>([
    [
      'the last message is stored',
      ({ connection }) => connection.answer({ message: storedAs(8, 'a'), duplicate: false }),
    ],
    ['the last message is refused', ({ connection }) => connection.answer(refusal('invalid'))],
    ['the last message is cancelled', ({ abort }) => abort.abort(cancelled)],
    ['the last message is in the log', ({ sender }) => sender.noteEntry(storedAs(8, 'a'))],
    ['the sender ends', ({ sender }) => sender.stop(cancelled, true)],
  ])('ends when %s', async (_, happen) => {
    const busy = await busySender()
    busy.sender.noteEntry(storedAs(9, 'b'))
    let ended = false
    void busy.sender.drained().then(() => {
      ended = true
    })
    await settled()
    expect(ended).toBe(false)
    await happen(busy)
    await settled()
    expect(ended).toBe(true)
  })

  it('ends at once if there is none', async () => {
    const { sender } = await openSender({ connected: false })
    expect(await outcomeOf(sender.drained())).toStrictEqual({ value: undefined })
  })
})
