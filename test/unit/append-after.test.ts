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
    (error: unknown) => (error instanceof Refusal ? { code: error.code, details: error.details } : 'alarm'),
  )
const resync = (head: number, floor: number) => ({ code: 'resync_required', details: { head, floor } })

async function fill(messages: number): Promise<void> {
  for (let nr = 1; nr <= messages; nr++) await send({ author: ben, body: { text: `old ${nr}` } })
}

describe('What lies behind `after`', () => {
  it('may be 200 entries', async () => {
    await fill(201)
    expect((await send(hello(1))).entry.seq).toBe(202)
  })

  it('may be 200 entries, the message the last of them', async () => {
    await fill(199)
    await send(hello(0))
    expect(await send(hello(0))).toMatchObject({ duplicate: true, entry: { seq: 200 } })
  })

  it('must not be 201 entries, be the message among them or not', async () => {
    await send(hello(0))
    await fill(200)
    expect(await refusalOf(send(hello(0)))).toEqual(resync(201, 1))
    expect(await seqOfHead()).toBe(201)
  })

  it('must begin with a position that exists', async () => {
    await fill(2)
    expect(await refusalOf(send(hello(3)))).toEqual(resync(2, 1))
    expect(await seqOfHead()).toBe(2)
  })

  it.each([0, 1, 4])(
    'must not have been purged, as position %i is, or what follows it, when the floor is 5',
    async (after) => {
      await fill(8)
      log.purge(ROOM, 5)
      expect(await refusalOf(send(hello(after)))).toEqual(resync(8, 5))
    },
  )

  it('may begin at the floor', async () => {
    await fill(8)
    log.purge(ROOM, 5)
    expect((await send(hello(5))).entry.seq).toBe(9)
  })

  it('is a resync too while a purge has taken only some of it', async () => {
    await fill(8)
    jest.spyOn(log, 'floor').mockResolvedValue(5)
    const read = log.read.bind(log)
    jest
      .spyOn(log, 'read')
      .mockImplementation(async (...where) => (await read(...where)).filter(({ seq }) => seq !== 3))
    expect(await refusalOf(send(hello(1)))).toEqual(resync(8, 5))
  })

  it('is read once more when it shows a hole, for one read may be torn', async () => {
    await fill(3)
    const torn = (await log.read(ROOM, 0, 10)).filter(({ seq }) => seq !== 2)
    jest.spyOn(log, 'read').mockResolvedValueOnce(torn)
    expect((await send(hello(0))).entry.seq).toBe(4)
  })

  it('is an alarm, and no refusal, when the hole stays', async () => {
    await fill(3)
    const torn = (await log.read(ROOM, 0, 10)).filter(({ seq }) => seq !== 2)
    const read = jest.spyOn(log, 'read').mockResolvedValue(torn)
    expect(await refusalOf(send(hello(0)))).toBe('alarm')
    expect(read).toHaveBeenCalledTimes(2)
    expect(await seqOfHead()).toBe(3)
  })
})

/** A purge hides at once, and what it hides is still there for a while. */
describe('A message that a purge hides', () => {
  /** The floor is moved, and nothing is deleted yet. */
  const hide = (floor: number) => jest.spyOn(log, 'floor').mockResolvedValue(floor)

  it('is not answered to its own retry, which is a resync', async () => {
    await send(hello(0))
    await fill(3)
    hide(3)
    expect(await refusalOf(send(hello(0)))).toEqual(resync(4, 3))
    expect(await seqOfHead()).toBe(4)
  })

  it('tells not even that another text has its id', async () => {
    await send(hello(0))
    await fill(3)
    hide(3)
    expect(await refusalOf(send({ ...hello(0), body: { text: 'other' } }))).toEqual(resync(4, 3))
  })

  it('is not answered either where the retry finds it only after losing a race', async () => {
    await fill(1)
    const put = log.put.bind(log)
    let losses = 0
    jest.spyOn(log, 'put').mockImplementation(async (room, entry) => {
      losses++
      if (losses <= 2) await put(room, { ...entry, from: ben, clientMessageId: `b${losses}` })
      if (losses === 2) {
        await put(room, { ...entry, seq: entry.seq + 1 })
        await put(room, { ...entry, seq: entry.seq + 2, from: ben, clientMessageId: 'b3' })
        hide(5)
      }
      return put(room, entry)
    })
    expect(await refusalOf(send(hello(1)))).toEqual(resync(5, 5))
    expect(losses).toBe(2)
  })

  it('is answered where the purge came only so far', async () => {
    await send(hello(0))
    await fill(3)
    hide(1)
    expect(await send(hello(0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
  })

  it('is looked for only where something was said behind it', async () => {
    await send(hello(0))
    const floor = jest.spyOn(log, 'floor')
    expect(await send(hello(0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
    expect(floor).not.toHaveBeenCalled()
  })
})
