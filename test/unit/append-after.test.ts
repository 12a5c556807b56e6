import { Refusal } from '../../lambdas/domain/errors.ts'
import { append, type Draft } from '../../lambdas/domain/log/append.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const ROOM = 'r1'
const ana = { user: 'ana', name: 'Ana' }
const ben = { user: 'ben', name: 'Ben' }

let log: MemoryLog
let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
  log = new MemoryLog()
  log.open(ROOM, clock.now())
})

const send = (draft: Draft) => append(log, clock, ROOM, draft, { admit: async () => undefined })
const hello = (after: number): Draft => ({ author: ana, body: { text: 'hello' }, clientMessageId: 'm1', after })
const seqOfHead = async () => (await log.head(ROOM))?.seq
const refusalOf = (sending: Promise<unknown>) =>
  sending.then(
    () => 'stored',
    (error: unknown) => (error instanceof Refusal ? { code: error.code, details: error.details } : 'error'),
  )
const resync = (head: number, floor: number) => ({ code: 'resync_required', details: { head, floor } })

async function fill(messages: number): Promise<void> {
  for (let nr = 1; nr <= messages; nr++) await send({ author: ben, body: { text: `old ${nr}` } })
}

describe('a send with `after`', () => {
  it('accepts 200 later entries', async () => {
    await fill(201)
    expect((await send(hello(1))).entry.seq).toBe(202)
  })

  it('finds the message as the last of 200 later entries', async () => {
    await fill(199)
    await send(hello(0))
    expect(await send(hello(0))).toMatchObject({ duplicate: true, entry: { seq: 200 } })
  })

  it('requires a resync for 201 later entries, even if the message is one of them', async () => {
    await send(hello(0))
    await fill(200)
    expect(await refusalOf(send(hello(0)))).toEqual(resync(201, 1))
    expect(await seqOfHead()).toBe(201)
  })

  it('requires a resync for a position beyond the head', async () => {
    await fill(2)
    expect(await refusalOf(send(hello(3)))).toEqual(resync(2, 1))
    expect(await seqOfHead()).toBe(2)
  })

  it.each([0, 1, 4])('requires a resync for position %i when the floor is 5', async (after) => {
    await fill(8)
    log.purge(ROOM, 5)
    expect(await refusalOf(send(hello(after)))).toEqual(resync(8, 5))
  })

  it('accepts the floor as position', async () => {
    await fill(8)
    log.purge(ROOM, 5)
    expect((await send(hello(5))).entry.seq).toBe(9)
  })

  it('requires a resync if a purge has deleted only some of the entries', async () => {
    await fill(8)
    jest.spyOn(log, 'floor').mockResolvedValue(5)
    const read = log.read.bind(log)
    jest.spyOn(log, 'read').mockImplementation(async (...args) => (await read(...args)).filter(({ seq }) => seq !== 3))
    expect(await refusalOf(send(hello(1)))).toEqual(resync(8, 5))
  })

  it('reads again if the entries have a gap, because one read can be inconsistent', async () => {
    await fill(3)
    const withGap = (await log.read(ROOM, 0, 10)).filter(({ seq }) => seq !== 2)
    jest.spyOn(log, 'read').mockResolvedValueOnce(withGap)
    expect((await send(hello(0))).entry.seq).toBe(4)
  })

  it('fails with an error and not with a refusal if the gap remains', async () => {
    await fill(3)
    const withGap = (await log.read(ROOM, 0, 10)).filter(({ seq }) => seq !== 2)
    const read = jest.spyOn(log, 'read').mockResolvedValue(withGap)
    expect(await refusalOf(send(hello(0)))).toBe('error')
    expect(read).toHaveBeenCalledTimes(2)
    expect(await seqOfHead()).toBe(3)
  })
})

/** A purge hides messages at once and deletes them later. */
describe('a message hidden by a purge', () => {
  /** Moves the floor without deleting entries. */
  const hide = (floor: number) => jest.spyOn(log, 'floor').mockResolvedValue(floor)

  it('is not returned to its retry, which requires a resync', async () => {
    await send(hello(0))
    await fill(3)
    hide(3)
    expect(await refusalOf(send(hello(0)))).toEqual(resync(4, 3))
    expect(await seqOfHead()).toBe(4)
  })

  it('is not compared with another text under the same id', async () => {
    await send(hello(0))
    await fill(3)
    hide(3)
    expect(await refusalOf(send({ ...hello(0), body: { text: 'other' } }))).toEqual(resync(4, 3))
  })

  it('is not returned if the retry finds it after a lost race', async () => {
    await fill(1)
    const put = log.put.bind(log)
    let races = 0
    jest.spyOn(log, 'put').mockImplementation(async (room, entry) => {
      races++
      if (races <= 2) await put(room, { ...entry, from: ben, clientMessageId: `b${races}` })
      if (races === 2) {
        await put(room, { ...entry, seq: entry.seq + 1 })
        await put(room, { ...entry, seq: entry.seq + 2, from: ben, clientMessageId: 'b3' })
        hide(5)
      }
      return put(room, entry)
    })
    expect(await refusalOf(send(hello(1)))).toEqual(resync(5, 5))
    expect(races).toBe(2)
  })

  it('is returned if the floor is not above it', async () => {
    await send(hello(0))
    await fill(3)
    hide(1)
    expect(await send(hello(0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
  })

  it('causes no read of the floor if it is the newest message', async () => {
    await send(hello(0))
    const floor = jest.spyOn(log, 'floor')
    expect(await send(hello(0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
    expect(floor).not.toHaveBeenCalled()
  })
})
