import { NoReply } from '../../client/socket.ts'
import { HeldConnection, page, refusal } from './held-connection.ts'
import { outcomeOf } from './listening.ts'
import { openSender, pendingMessage, storedAs, tryOf } from './lone-sender.ts'
import { settled } from './manual-clock.ts'
import { message, roomId } from './scripted-server.ts'

/** What a sender does when the server cannot tell whether a message is stored: it searches the history. */

const tooOld = (details: object = {}) => refusal('resync_required', { details })

const searchFrom = (after: number) => ['history', { roomId, after, limit: 200 }]

/** A sender that searches the message `a`; `tried` means that an earlier try got no reply. */
async function searching({ tried = false } = {}) {
  const all = await openSender()
  const sending = all.sender.add(pendingMessage('a'))
  sending.catch(() => undefined)
  await settled()
  if (tried) {
    await all.connection.answer(new NoReply('timeout'))
    await all.clock.pass(100)
  }
  await all.connection.answer(tooOld())
  expect(all.connection.asked.at(-1)).toEqual(searchFrom(7))
  const asked = all.connection.asked.length
  return { ...all, sending, askedSince: () => all.connection.asked.slice(asked) }
}

describe('a search in the history', () => {
  it('that finds the message tells it as a duplicate', async () => {
    const { sending, connection, raised, sender, askedSince } = await searching()
    await connection.answer(page(300, message(8), message(9, { clientMessageId: 'a' })))
    expect(askedSince()).toEqual([searchFrom(9)])
    await connection.answer(page(300, message(10), storedAs(11, 'a'), message(12)))
    expect(await outcomeOf(sending)).toEqual({ value: storedAs(11, 'a') })
    expect(raised).toEqual([['sent', { clientMessageId: 'a', message: storedAs(11, 'a'), duplicate: true }]])
    expect([sender.outbox, askedSince().length]).toEqual([[], 1])
  })

  it.each<[string, object[], number]>([
    ['the end of the log', [page(9, message(8), message(9))], 9],
    ['the end of the log on a second page', [page(9, message(8)), page(9, message(9))], 9],
    ['beyond the end that was known', [page(8, message(8), message(9))], 9],
    ['an empty page at the end', [page(7)], 7],
    ['an empty page before the end', [page(20, message(8)), page(20)], 8],
  ])('that comes to %s sends the message with the position of its end', async (_, pages, after) => {
    const { connection, sender, kept, askedSince } = await searching()
    for (const answer of pages) await connection.answer(answer)
    expect(askedSince().slice(pages.length - 1)).toEqual([['send', tryOf('a', after)]])
    expect(sender.outbox).toMatchObject([{ clientMessageId: 'a', after, undecided: true }])
    expect(kept()).toMatchObject([{ clientMessageId: 'a', after }])
  })

  it.each<[string, object, number]>([
    ['no reply', new NoReply('timeout'), 100],
    ['an error of the gateway', new NoReply('gateway'), 100],
    ['unavailable', refusal('unavailable', { retryable: true }), 100],
    ['a time to wait', refusal('rate_limited', { retryable: true, retryAfterMs: 40 }), 40],
  ])('that gets %s sends the message again after a wait', async (_, outcome, wait) => {
    const { connection, clock, askedSince } = await searching()
    await connection.answer(outcome)
    expect([clock.due, askedSince()]).toEqual([[wait], []])
    await clock.pass(wait)
    expect(askedSince()).toEqual([['send', tryOf('a', 7)]])
  })

  it('that loses its connection sends the message on the next one', async () => {
    const { connection, clock, sender, raised, askedSince } = await searching()
    await connection.answer(new NoReply('closed'))
    expect([clock.due, raised, askedSince()]).toEqual([[], [], []])
    const next = new HeldConnection()
    sender.use(next)
    await settled()
    expect(next.asked).toEqual([['send', tryOf('a', 7)]])
  })

  it.each<[string, object, object]>([
    ['that the server refuses', refusal('forbidden'), { name: 'ChatError', code: 'forbidden' }],
    ['that is no valid request', new RangeError('The request is too long.'), { name: 'RangeError' }],
    ['that gets the reply to another query', { rooms: [] }, { name: 'TypeError' }],
  ])('%s ends the message with that error, and the next one follows', async (_, answer, error) => {
    const { connection, sending, sender, raised, askedSince } = await searching()
    void sender.add(pendingMessage('b'))
    await connection.answer(answer)
    const outcome = await outcomeOf(sending)
    expect(outcome).toMatchObject({ error })
    expect(raised).toEqual([['failed', { clientMessageId: 'a', body: { text: 'text a' }, error: outcome?.error }]])
    expect(askedSince()).toEqual([['send', tryOf('b', 7)]])
  })

  describe('in a log whose entries were purged', () => {
    it.each<[string, { tried: boolean }, object]>([
      ['was not tried before', { tried: false }, { head: 400, floor: 300 }],
      ['was not tried before, with no end in the answer,', { tried: false }, {}],
      ['was tried before in a log that now ends earlier', { tried: true }, { head: 6, floor: 1 }],
    ])('sends a message that %s anew, after the next join', async (_, tries, details) => {
      const { connection, sender, raised, position, askedSince } = await searching(tries)
      await connection.answer(tooOld(details))
      expect([raised, askedSince()]).toEqual([[['rejoin', connection]], []])
      expect(sender.outbox).toEqual([{ ...pendingMessage('a'), since: 7, undecided: false }])
      position.last = 400
      sender.use(connection)
      await settled()
      expect(askedSince()).toEqual([['send', tryOf('a', 400)]])
    })

    it.each<[string, object]>([
      ['after its end', { head: 400, floor: 300 }],
      ['at its end', { head: 7, floor: 7 }],
      ['and whose end is not told', {}],
    ])('ends a message that was tried before and may have been %s', async (_, details) => {
      const { connection, sending, sender, raised, askedSince } = await searching({ tried: true })
      const error = tooOld(details)
      await connection.answer(error)
      expect((await outcomeOf(sending))?.error).toBe(error)
      expect(raised).toEqual([['failed', { clientMessageId: 'a', body: { text: 'text a' }, error }]])
      expect([sender.outbox, askedSince()]).toEqual([[], []])
    })
  })
})
