import { Refusal } from '../../lambdas/domain/errors.ts'
import { append, type Draft } from '../../lambdas/domain/log/append.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const ROOM = 'r1'
const ana = { user: 'ana', name: 'Ana' }
const ben = { user: 'ben', name: 'Ben' }
const welcome = async () => {}
const refuse = async () => {
  throw new Refusal('not_joined', 'Join the room first.')
}

let log: MemoryLog
let clock: FakeClock

beforeEach(async () => {
  clock = new FakeClock()
  log = new MemoryLog()
  log.open(ROOM, clock.now())
  for (const text of ['one', 'two']) await send({ author: ben, body: { text } })
})

const draft = (more: Partial<Draft> = {}): Draft => ({ author: ana, body: { text: 'hello' }, ...more })
const send = (what: Draft, admitted: () => Promise<void> = welcome) =>
  append(log, clock, ROOM, what, { admit: admitted })
const seqOfHead = async () => (await log.head(ROOM))?.seq
const refusalOf = (sending: Promise<unknown>) =>
  sending.then(
    () => 'stored',
    (error: unknown) => (error instanceof Refusal ? { code: error.code, details: error.details } : 'alarm'),
  )

describe('A message on the condition that nothing newer stands', () => {
  it('is stored behind the position it names', async () => {
    expect((await send(draft({ ifHead: 2 }))).entry.seq).toBe(3)
    expect((await send(draft({ clientMessageId: 'm1', after: 1, ifHead: 3 }))).entry.seq).toBe(4)
  })

  it.each([
    ['the room has moved on', { ifHead: 1 }],
    ['the room has moved on since `after`', { clientMessageId: 'm1', after: 1, ifHead: 1 }],
    ['the position is yet to come', { ifHead: 3 }],
    ['the position is yet to come, seen from `after`', { clientMessageId: 'm1', after: 2, ifHead: 3 }],
  ])('is refused with the newest position when %s', async (_case, more) => {
    expect(await refusalOf(send(draft(more)))).toEqual({ code: 'conflict', details: { head: 2 } })
    expect(await seqOfHead()).toBe(2)
  })

  it('is refused with the newest position when others come first at the last moment', async () => {
    const put = log.put.bind(log)
    const spy = jest.spyOn(log, 'put').mockImplementationOnce(async (roomId, entry) => {
      await put(roomId, { ...entry, from: ben })
      await put(roomId, { ...entry, from: ben, seq: entry.seq + 1 })
      return put(roomId, entry)
    })
    expect(await refusalOf(send(draft({ ifHead: 2 })))).toEqual({ code: 'conflict', details: { head: 4 } })
    expect(spy).toHaveBeenCalledTimes(1)
    expect(await seqOfHead()).toBe(4)
  })

  it('is a duplicate when what came first was its own earlier put', async () => {
    const put = log.put.bind(log)
    jest.spyOn(log, 'put').mockImplementationOnce(async (roomId, entry) => {
      await put(roomId, entry)
      return put(roomId, entry)
    })
    expect(await send(draft({ clientMessageId: 'm1', after: 2, ifHead: 2 }))).toMatchObject({ duplicate: true })
  })

  it('is a duplicate when it is sent again, however far the room has moved on', async () => {
    const conditional = draft({ clientMessageId: 'm1', after: 2, ifHead: 2 })
    await send(conditional)
    await send({ author: ben, body: { text: 'three' } })
    expect(await send(conditional)).toMatchObject({ duplicate: true, entry: { seq: 3 } })
  })
})

describe('Somebody who is not admitted', () => {
  it.each([
    ['a message', draft()],
    ['a message with an id', draft({ clientMessageId: 'm1', after: 0 })],
    ['a message from the future', draft({ clientMessageId: 'm1', after: 9 })],
    ['a message on a condition that fails', draft({ ifHead: 0 })],
  ])('stores nothing and learns nothing else from %s', async (_case, what) => {
    expect(await refusalOf(send(what, refuse))).toEqual({ code: 'not_joined', details: undefined })
    expect(await seqOfHead()).toBe(2)
  })

  it('is refused as such even when the log cannot be read', async () => {
    jest.spyOn(log, 'read').mockRejectedValue(new Error('No answer.'))
    expect(await refusalOf(send(draft({ clientMessageId: 'm1', after: 0 }), refuse))).toMatchObject({
      code: 'not_joined',
    })
  })
})

describe('The admission', () => {
  it('is asked for while the log is read, and nothing is put before it is given', async () => {
    const read = jest.spyOn(log, 'read')
    const put = jest.spyOn(log, 'put')
    let admit = () => {}
    const sending = send(
      draft({ clientMessageId: 'm1', after: 0 }),
      () =>
        new Promise((resolve) => {
          admit = resolve
        }),
    )
    await new Promise(setImmediate)
    expect(read).toHaveBeenCalledTimes(1)
    expect(put).not.toHaveBeenCalled()
    admit()
    expect((await sending).entry.seq).toBe(3)
  })

  it('is waited for even when the log cannot be read', async () => {
    jest.spyOn(log, 'head').mockRejectedValue(new Error('No answer.'))
    await expect(send(draft())).rejects.toThrow('No answer.')
    expect(
      await refusalOf(
        send(draft(), () => new Promise((_, reject) => setImmediate(reject, new Refusal('forbidden', 'No.')))),
      ),
    ).toMatchObject({
      code: 'forbidden',
    })
  })
})
