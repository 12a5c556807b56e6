import { Cable } from '../support/socket/cable.ts'
import type { Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'
import { endPrograms, outcome, program } from './programs.ts'

jest.setTimeout(180_000)
const world = aLocalWorld()
afterEach(endPrograms)

async function exporting(room: string, { url = world().run.url, more = [] as string[], user = 'root' } = {}) {
  const words = ['--timeout', '60', '--url', url, '--room', room, ...more]
  return program('terminal/main.ts', ['export', ...words], { CHAT_TOKEN: await world().deployment.token(user) })
}

const exported = async (...asked: Parameters<typeof exporting>) => outcome(await exporting(...asked))

/** A room in which so many long messages were said that its record has several pages. */
async function aLongRecord(count: number): Promise<Frame> {
  const room = await world().room()
  const people = await Promise.all(['alice', 'bob'].map((name) => world().joined(name, room)))
  for (let nr = 0; nr < count; nr++) {
    await people[nr % 2]?.ask('send', { roomId: room.roomId, text: `${nr} ${'x'.repeat(4000)}` })
  }
  return room
}

const said = (lines: string[]): number[] =>
  lines.map((line) => JSON.parse(line)).flatMap(({ event, details }) => (event === 'said' ? [details.seq] : []))

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

describe('npm run export', () => {
  it('finds a room by its id, its URI and its name', async () => {
    const room = await aLongRecord(1)
    for (const name of [room.roomId, room.uri, room.name]) {
      const { code, out, error } = await exported(name)
      expect({ code, error, said: said(out) }).toEqual({ code: 0, error: [], said: [1] })
    }
  })

  it('says that there is no such room', async () => {
    const { code, out, error } = await exported('Nowhere')
    expect([code, out]).toEqual([1, []])
    expect(error).toEqual([
      'There is no room "Nowhere", and no record of one. A room that was deleted is found by its id.',
    ])
    const asJson = await exported('Nowhere', { more: ['--json'] })
    expect(asJson.error.map((line) => JSON.parse(line))).toMatchObject([{ error: { code: 'not_found' } }])
  })

  it('says so where a room has nothing in this span of time, and finds the record of a deleted room by its id', async () => {
    const room = await aLongRecord(1)
    const root = await world().connect('root')
    await root.ask('deleteRoom', { roomId: room.roomId })
    expect(said((await exported(room.roomId)).out)).toEqual([1])
    expect(await exported(room.roomId, { more: ['--to', '2020-01-01'] })).toEqual({
      code: 0,
      out: [],
      error: ['* 0 entries: nothing is recorded of this room in this span of time.'],
    })
    expect((await exported(room.name)).code).toBe(1)
  })

  it('says that the record is for administrators', async () => {
    const room = await world().room()
    expect(await exported(room.roomId, { user: 'alice' })).toEqual({
      code: 1,
      out: [],
      error: ['Only an administrator may do this.'],
    })
  })

  it('goes on where it was when the connection ends, among pushes, without a line lost or doubled', async () => {
    const room = await aLongRecord(40)
    const url = new URL(world().run.url)
    const cable = await Cable.to(Number(url.port))
    url.port = String(cable.port)
    try {
      const running = await exporting(room.roomId, { url: url.href })
      // Enough of the first page has come; the reader pauses, so that the rest is still to be asked for.
      await running.out.next()
      running.out.pause()
      const alice = await world().connect('alice')
      await alice.ask('grant', { roomId: room.roomId, role: 'member', principals: ['user:root'] })
      cable.cut()
      running.out.resume()
      const { code, out } = await outcome(running)
      expect(code).toBe(0)
      expect(said(out)).toEqual(upTo(40))
      expect(cable.used).toBeGreaterThan(1)
    } finally {
      await cable.close()
    }
  })

  it('ends quietly when its reader is gone', async () => {
    const room = await aLongRecord(20)
    const running = await exporting(room.roomId)
    await running.out.next()
    running.out.abandon()
    expect(await running.error.all()).toEqual([])
    expect(await running.exited).toBe(0)
  })
})
