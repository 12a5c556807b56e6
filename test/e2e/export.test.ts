import type { Frame } from '../support/socket/chat-socket.ts'
import { TcpProxy } from '../support/socket/tcp-proxy.ts'
import { aLocalWorld } from './local-world.ts'
import { endPrograms, outcome, program } from './programs.ts'

const world = aLocalWorld()
afterEach(endPrograms)

async function startExport(room: string, { url = world().run.url, more = [] as string[], user = 'root' } = {}) {
  const words = ['--timeout', '60', '--url', url, '--room', room, ...more]
  return program('terminal/main.ts', ['export', ...words], { CHAT_TOKEN: await world().deployment.token(user) })
}

const exported = async (...args: Parameters<typeof startExport>) => outcome(await startExport(...args))

/** A room with `count` long messages, so that its record has several pages. */
async function aLongRecord(count: number): Promise<Frame> {
  const room = await world().room()
  const people = await Promise.all(['alice', 'bob'].map((name) => world().joined(name, room)))
  for (let nr = 0; nr < count; nr++) {
    await people[nr % 2]?.ask('send', { roomId: room.roomId, text: `${nr} ${'x'.repeat(4000)}` })
  }
  return room
}

const seqsIn = (lines: string[]): number[] =>
  lines.map((line) => JSON.parse(line)).flatMap(({ event, details }) => (event === 'said' ? [details.seq] : []))

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

describe('npm run export', () => {
  it('finds a room by its id, its URI and its name', async () => {
    const room = await aLongRecord(1)
    for (const name of [room.roomId, room.uri, room.name]) {
      const { code, out, error } = await exported(name)
      expect({ code, error, seqs: seqsIn(out) }).toEqual({ code: 0, error: [], seqs: [1] })
    }
  })

  it('reports that a room does not exist', async () => {
    const { code, out, error } = await exported('Nowhere')
    expect([code, out]).toEqual([1, []])
    expect(error).toEqual([
      'There is no room "Nowhere", and no record of one. A room that was deleted is found by its id.',
    ])
    const asJson = await exported('Nowhere', { more: ['--json'] })
    expect(asJson.error.map((line) => JSON.parse(line))).toMatchObject([{ error: { code: 'not_found' } }])
  })

  it('finds the record of a deleted room by its id and reports a span of time without entries', async () => {
    const room = await aLongRecord(1)
    const root = await world().connect('root')
    await root.ask('deleteRoom', { roomId: room.roomId })
    expect(seqsIn((await exported(room.roomId)).out)).toEqual([1])
    expect(await exported(room.roomId, { more: ['--to', '2020-01-01'] })).toEqual({
      code: 0,
      out: [],
      error: ['* 0 entries: nothing is recorded of this room in this span of time.'],
    })
    expect((await exported(room.name)).code).toBe(1)
  })

  it('reports that only administrators may read the record', async () => {
    const room = await world().room()
    expect(await exported(room.roomId, { user: 'alice' })).toEqual({
      code: 1,
      out: [],
      error: ['Only an administrator may do this.'],
    })
  })

  it('continues after a lost connection and despite pushes, without a lost or repeated line', async () => {
    const room = await aLongRecord(40)
    const url = new URL(world().run.url)
    const cable = await TcpProxy.to(Number(url.port))
    url.port = String(cable.port)
    try {
      const running = await startExport(room.roomId, { url: url.href })
      // A part of the first page has arrived. The reader pauses, so that the other pages are not requested yet.
      await running.out.next()
      running.out.pause()
      const alice = await world().connect('alice')
      await alice.ask('grant', { roomId: room.roomId, role: 'member', principals: ['user:root'] })
      cable.cut()
      running.out.resume()
      const { code, out } = await outcome(running)
      expect(code).toBe(0)
      expect(seqsIn(out)).toEqual(upTo(40))
      expect(cable.used).toBeGreaterThan(1)
    } finally {
      await cable.close()
    }
  })

  it('exits without an error when the reader of its output is gone', async () => {
    const room = await aLongRecord(20)
    const running = await startExport(room.roomId)
    await running.out.next()
    running.out.close()
    expect(await running.error.all()).toEqual([])
    expect(await running.exited).toBe(0)
  })
})
