import { NoReply } from '../../client/socket.ts'
import { HeldConnection, refusal } from './held-connection.ts'
import { outcomeOf } from './listening.ts'
import { loneSender, openSender, outboxKey, pendingMessage, storedAs, tryOf } from './lone-sender.ts'
import { settled } from './manual-clock.ts'
import { message, roomId } from './scripted-server.ts'

/** A sender without a session: what it sends, when, and what it tells. */

/** A sender whose first try of the message `a` waits for its answer. */
async function trying() {
  const all = await openSender()
  const sending = all.sender.add(pendingMessage('a'))
  await settled()
  return { ...all, sending }
}

describe('a try', () => {
  it('sends the message with the position of the first try, and is in the storage before', async () => {
    const { sender, connection, position, kept } = await openSender({ connected: false })
    void sender.add(pendingMessage('a', { ifHead: 7, body: { text: 'text a', title: 'A story' } }))
    const written = { clientMessageId: 'a', body: { text: 'text a', title: 'A story' }, ifHead: 7, since: 7 }
    await settled()
    expect(kept()).toEqual([{ ...written, owner: 'me' }])
    position.last = 8
    const keptAtTry: object[][] = []
    const ask = jest.spyOn(connection, 'ask').mockImplementation(() => {
      keptAtTry.push(kept())
      return new Promise(() => undefined)
    })
    sender.use(connection)
    await settled()
    expect(keptAtTry).toEqual([[{ ...written, after: 8, undecided: true, owner: 'me' }]])
    expect(ask.mock.calls).toEqual([['send', { ...tryOf('a', 8), title: 'A story', ifHead: 7 }]])
    expect([sender.tries, sender.outbox]).toEqual([1, [{ ...written, after: 8, undecided: true }]])
  })

  it.each([true, false])(
    'that stores the message resolves, tells it once and forgets it (duplicate %p)',
    async (duplicate) => {
      const { sender, connection, sending, raised, storage, clock } = await trying()
      const stored = storedAs(8, 'a')
      await connection.answer({ message: stored, duplicate })
      expect(await outcomeOf(sending)).toEqual({ value: stored })
      expect(raised).toEqual([['sent', { clientMessageId: 'a', message: stored, duplicate }]])
      expect([sender.outbox, storage.kept.size, sender.tries, clock.due]).toEqual([[], 0, 1, []])
    },
  )

  it.each<[string, Error, number[]]>([
    ['no reply in time', new NoReply('timeout'), [100, 200, 400, 800, 1600, 3200, 5000, 5000]],
    ['an error of the gateway', new NoReply('gateway'), [100, 200, 400, 800, 1600, 3200, 5000, 5000]],
    ['unavailable', refusal('unavailable', { retryable: true }), [100, 200, 400, 800, 1600, 3200, 5000, 5000]],
    ['unavailable for a time', refusal('unavailable', { retryable: true, retryAfterMs: 70 }), [70, 70]],
    ['unavailable for no time', refusal('unavailable', { retryable: true, retryAfterMs: 0 }), [0, 0]],
  ])('that gets %s is repeated after waits that the clock shows', async (_, outcome, waits) => {
    const { sender, connection, clock } = await trying()
    for (const wait of waits) {
      await connection.answer(outcome)
      expect(clock.due).toEqual([wait])
      await clock.pass(wait)
    }
    expect(connection.asked).toEqual(Array(waits.length + 1).fill(['send', tryOf('a', 7)]))
    expect(sender.tries).toBe(waits.length + 1)
  })

  it('waits briefly again after a message was stored, and after the next connection', async () => {
    const { sender, connection, clock } = await trying()
    void sender.add(pendingMessage('b'))
    await connection.answer(new NoReply('timeout'))
    await clock.pass(100)
    await connection.answer({ message: storedAs(8, 'a'), duplicate: false })
    await connection.answer(new NoReply('timeout'))
    expect(clock.due).toEqual([100])
    await clock.pass(100)
    await connection.answer(new NoReply('timeout'))
    expect(clock.due).toEqual([200])
    sender.use(connection)
    await clock.pass(200)
    await connection.answer(new NoReply('timeout'))
    expect(clock.due).toEqual([100])
  })

  it.each([
    ['has ended waits for the next one', new NoReply('closed'), false],
    ['has no session asks to join again', refusal('not_joined'), true],
  ])('on a connection that %s', async (_, outcome, rejoins) => {
    const { sender, connection, clock, raised } = await trying()
    await connection.answer(outcome)
    expect(raised).toEqual(rejoins ? [['rejoin', connection]] : [])
    expect([connection.asked.length, clock.due]).toEqual([1, []])
    const next = new HeldConnection()
    sender.use(next)
    await settled()
    expect(next.asked).toEqual([['send', tryOf('a', 7)]])
    expect(connection.asked).toHaveLength(1)
  })

  it('that fails on an old connection is repeated at once on the present one', async () => {
    const { sender, connection, clock } = await trying()
    const next = new HeldConnection()
    sender.use(next)
    await settled()
    expect(next.asked).toEqual([])
    await connection.answer(new NoReply('closed'))
    expect([next.asked, clock.due]).toEqual([[['send', tryOf('a', 7)]], []])
  })

  it('goes on when another connection is lost, and not after its own was', async () => {
    const { sender, connection } = await openSender()
    sender.connectionLost(new HeldConnection())
    void sender.add(pendingMessage('a'))
    await settled()
    expect(connection.asked).toHaveLength(1)
    await connection.answer({ message: storedAs(8, 'a'), duplicate: false })
    sender.connectionLost(connection)
    void sender.add(pendingMessage('b'))
    await settled()
    expect([connection.asked.length, sender.outbox.length]).toEqual([1, 1])
  })

  it.each<[string, Error]>([
    ['that the server refuses', refusal('invalid', { details: { field: 'text' } })],
    ['that is no valid request', new RangeError('The request is too long.')],
  ])('%s ends with its error, and the next message follows', async (_, error) => {
    const { sender, connection, sending, raised, kept } = await trying()
    void sender.add(pendingMessage('b'))
    await connection.answer(error)
    expect((await outcomeOf(sending))?.error).toBe(error)
    expect(raised).toEqual([['failed', { clientMessageId: 'a', body: { text: 'text a' }, error }]])
    expect(connection.asked.slice(1)).toEqual([['send', tryOf('b', 7)]])
    expect(kept()).toMatchObject([{ clientMessageId: 'b' }])
  })

  it.each([
    ['the present position if no earlier one can have been stored', 'rate_limited', false, 9],
    ['the first position if an earlier one may have been stored', 'rate_limited', true, 7],
    ['the first position if the server may have stored it', 'unavailable', false, 7],
  ])('after a refusal has %s (%s)', async (_, code, isLostFirst, after) => {
    const { connection, clock, position } = await trying()
    if (isLostFirst) {
      await connection.answer(new NoReply('timeout'))
      await clock.pass(100)
    }
    position.last = 9
    await connection.answer(refusal(code, { retryable: true, retryAfterMs: 50 }))
    await clock.pass(50)
    expect(connection.asked.at(-1)).toEqual(['send', tryOf('a', after)])
  })
})

describe('messages', () => {
  it('wait for the room and for the connection, in either order, and none is sent twice', async () => {
    for (const roomFirst of [true, false]) {
      const { sender, connection } = loneSender()
      void sender.add(pendingMessage('a'))
      void sender.add(pendingMessage('b'))
      void sender.add(pendingMessage('a', { body: { text: 'again' } }))
      const steps = [() => sender.open(roomId), () => sender.use(connection)]
      for (const step of roomFirst ? steps : steps.reverse()) {
        expect(connection.asked).toEqual([])
        void step()
        await settled()
      }
      expect(connection.asked).toEqual([['send', tryOf('a', 7)]])
      await connection.answer({ message: storedAs(8, 'a'), duplicate: false })
      await connection.answer({ message: storedAs(9, 'b'), duplicate: false })
      expect(connection.asked).toEqual([
        ['send', tryOf('a', 7)],
        ['send', tryOf('b', 7)],
      ])
    }
  })

  it('of earlier clients go first, also those that are found at the next connection', async () => {
    const { sender, connection, storage } = loneSender()
    const left = (id: string) => JSON.stringify([{ ...pendingMessage(id), since: 3, owner: 'gone' }])
    storage.kept.set(outboxKey, left('a'))
    void sender.add(pendingMessage('c'))
    void sender.open(roomId)
    await settled()
    expect(sender.outbox.map(({ clientMessageId }) => clientMessageId)).toEqual(['a', 'c'])
    storage.kept.set(outboxKey, left('b'))
    sender.use(connection)
    await settled()
    expect(sender.outbox.map(({ clientMessageId }) => clientMessageId)).toEqual(['b', 'a', 'c'])
    expect(connection.asked).toEqual([['send', tryOf('b', 3)]])
  })

  it('of earlier clients are told as sent or failed like others', async () => {
    const { sender, connection, storage, raised } = loneSender()
    storage.kept.set(outboxKey, JSON.stringify(['a', 'b'].map((id) => pendingMessage(id, { owner: 'gone', after: 7 }))))
    sender.use(connection)
    void sender.open(roomId)
    await settled()
    const error = refusal('invalid')
    await connection.answer(error)
    await connection.answer({ message: storedAs(8, 'b'), duplicate: false })
    expect(raised).toEqual([
      ['failed', { clientMessageId: 'a', body: { text: 'text a' }, error }],
      ['sent', { clientMessageId: 'b', message: storedAs(8, 'b'), duplicate: false }],
    ])
    expect([sender.outbox, storage.kept.size]).toEqual([[], 0])
  })

  it('with the id of a message that waits share its promise', async () => {
    const { sender, connection, sending } = await trying()
    const again = sender.add(pendingMessage('a'))
    expect(again).toBe(sending)
    await connection.answer({ message: storedAs(8, 'a'), duplicate: false })
    expect(await outcomeOf(again)).toEqual({ value: storedAs(8, 'a') })
    expect(sender.add(pendingMessage('a'))).not.toBe(sending)
  })

  it('that come by the log, before or after the room is open, are not sent', async () => {
    const { sender, connection, raised } = loneSender()
    const sending = [sender.add(pendingMessage('a')), sender.add(pendingMessage('b'))]
    sender.noteEntry(storedAs(8, 'a'))
    sender.noteEntry(message(9, { clientMessageId: 'b' }))
    void sender.open(roomId)
    await settled()
    sender.noteEntry(storedAs(10, 'b'))
    sender.use(connection)
    await settled()
    expect(await outcomeOf(Promise.all(sending))).toEqual({ value: [storedAs(8, 'a'), storedAs(10, 'b')] })
    expect(raised).toEqual([
      ['sent', { clientMessageId: 'a', message: storedAs(8, 'a'), duplicate: true }],
      ['sent', { clientMessageId: 'b', message: storedAs(10, 'b'), duplicate: true }],
    ])
    expect([connection.asked, sender.tries]).toEqual([[], 0])
  })
})
