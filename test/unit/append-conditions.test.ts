import { Refusal } from '../../lambdas/domain/errors.ts'
import { append, type Draft } from '../../lambdas/domain/log/append.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const ROOM = 'r1'
const ana = { user: 'ana', name: 'Ana' }
const ben = { user: 'ben', name: 'Ben' }
const admit = async () => {}
const reject = async () => {
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
const send = (draft: Draft, admission: () => Promise<void> = admit) =>
  append(log, clock, ROOM, draft, { admit: admission })
const seqOfHead = async () => (await log.head(ROOM))?.seq
const refusalOf = (sending: Promise<unknown>) =>
  sending.then(
    () => 'stored',
    (error: unknown) => (error instanceof Refusal ? { code: error.code, details: error.details } : 'error'),
  )

describe('a message with `ifHead`', () => {
  it('is stored if the given position is the newest', async () => {
    expect((await send(draft({ ifHead: 2 }))).entry.seq).toBe(3)
    expect((await send(draft({ clientMessageId: 'm1', after: 1, ifHead: 3 }))).entry.seq).toBe(4)
  })

  it.each([
    ['the room has a newer message', { ifHead: 1 }],
    ['the room has a newer message than `after`', { clientMessageId: 'm1', after: 1, ifHead: 1 }],
    ['the position does not exist yet', { ifHead: 3 }],
    ['the position does not exist yet and `after` is given', { clientMessageId: 'm1', after: 2, ifHead: 3 }],
  ])('is refused with the newest position if %s', async (_case, more) => {
    expect(await refusalOf(send(draft(more)))).toEqual({ code: 'conflict', details: { head: 2 } })
    expect(await seqOfHead()).toBe(2)
  })

  it('is refused with the newest position if other messages win the race', async () => {
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

  it('is a duplicate if its own earlier put wins the race', async () => {
    const put = log.put.bind(log)
    jest.spyOn(log, 'put').mockImplementationOnce(async (roomId, entry) => {
      await put(roomId, entry)
      return put(roomId, entry)
    })
    expect(await send(draft({ clientMessageId: 'm1', after: 2, ifHead: 2 }))).toMatchObject({ duplicate: true })
  })

  it('is a duplicate if it is sent again, even after newer messages', async () => {
    const conditional = draft({ clientMessageId: 'm1', after: 2, ifHead: 2 })
    await send(conditional)
    await send({ author: ben, body: { text: 'three' } })
    expect(await send(conditional)).toMatchObject({ duplicate: true, entry: { seq: 3 } })
  })
})

describe('a sender who is not admitted', () => {
  it.each([
    ['a message', draft()],
    ['a message with an id', draft({ clientMessageId: 'm1', after: 0 })],
    ['a message with `after` beyond the head', draft({ clientMessageId: 'm1', after: 9 })],
    ['a message whose condition fails', draft({ ifHead: 0 })],
  ])('stores nothing and gets only this refusal for %s', async (_case, sent) => {
    expect(await refusalOf(send(sent, reject))).toEqual({ code: 'not_joined', details: undefined })
    expect(await seqOfHead()).toBe(2)
  })

  it('gets this refusal even if the log cannot be read', async () => {
    jest.spyOn(log, 'read').mockRejectedValue(new Error('No answer.'))
    expect(await refusalOf(send(draft({ clientMessageId: 'm1', after: 0 }), reject))).toMatchObject({
      code: 'not_joined',
    })
  })
})

describe('the admission', () => {
  it('is checked in parallel with the read of the log and before the put', async () => {
    const read = jest.spyOn(log, 'read')
    const put = jest.spyOn(log, 'put')
    let resolveAdmission = () => {}
    const sending = send(
      draft({ clientMessageId: 'm1', after: 0 }),
      () =>
        new Promise((resolve) => {
          resolveAdmission = resolve
        }),
    )
    await new Promise(setImmediate)
    expect(read).toHaveBeenCalledTimes(1)
    expect(put).not.toHaveBeenCalled()
    resolveAdmission()
    expect((await sending).entry.seq).toBe(3)
  })

  it('is awaited even if the log cannot be read', async () => {
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
