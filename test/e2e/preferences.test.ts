import type { Frame } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

const world = aWorld()

let labels = 0
const someLabel = () => `label ${process.pid} ${Date.now().toString(36)} ${labels++}`

describe('a preference', () => {
  it('is stored for its user with a version that increases', async () => {
    const label = someLabel()
    const carol = await world().connect('carol')
    const reply = await carol.ask('preference', { label })
    expect(reply).toEqual({ id: expect.any(String), ok: true, version: 0 })
    expect(await carol.ask('preference', { label, data: '{"theme":"dark"}' })).toEqual({
      id: expect.any(String),
      ok: true,
      version: 1,
    })
    expect((await carol.ask('preference', { label, data: '' })).version).toBe(2)
    const elsewhere = await world().connect('carol')
    expect(await elsewhere.ask('preference', { label })).toMatchObject({ data: '', version: 2 })
  })

  it('is left out of the reply if the reader knows the current version', async () => {
    const label = someLabel()
    const carol = await world().connect('carol')
    await carol.ask('preference', { label, data: 'x' })
    expect(await carol.ask('preference', { label, knownVersion: 0 })).toMatchObject({ data: 'x', version: 1 })
    expect(await carol.ask('preference', { label, knownVersion: 7 })).toMatchObject({ data: 'x', version: 1 })
    const known = await carol.ask('preference', { label, knownVersion: 1 })
    expect(known).toEqual({ id: expect.any(String), ok: true, version: 1 })
    expect(await carol.ask('preference', { label: someLabel(), knownVersion: 0 })).not.toHaveProperty('data')
  })

  it('cannot be read by other users, not even by an administrator', async () => {
    const label = someLabel()
    const carol = await world().connect('carol')
    await carol.ask('preference', { label, data: 'x' })
    for (const user of ['bob', 'root']) {
      const other = await world().connect(user)
      expect((await other.ask('preference', { label, user: 'carol' })).version).toBe(0)
    }
  })

  it('gets a separate version for each simultaneous change', async () => {
    const label = someLabel()
    const sockets = await Promise.all(Array.from({ length: 5 }, () => world().connect('carol')))
    const set = sockets.flatMap((socket, nr) =>
      Array.from({ length: 4 }, (_, at) => socket.ask('preference', { label, data: `${nr} ${at}` })),
    )
    const versions = (await Promise.all(set)).map(({ version }) => version)
    expect([...versions].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    const last = versions.indexOf(20)
    const data = `${Math.floor(last / 4)} ${last % 4}`
    expect(await sockets[0]?.ask('preference', { label })).toMatchObject({ data, version: 20 })
  })

  it('holds the published number of bytes and not one more', async () => {
    const label = someLabel()
    const carol = await world().connect('carol')
    const { preferenceBytes } = (await carol.ask('hello')).limits
    const data = 'ä'.repeat(preferenceBytes / 2)
    await carol.ask('preference', { label, data })
    expect((await carol.ask('preference', { label })).data).toBe(data)
    expect(await carol.refusal('preference', { label, data: `${data}a` })).toMatchObject({
      code: 'invalid',
      details: { field: 'data' },
    })
  })

  it.each<[Frame, string]>([
    [{}, 'label'],
    [{ label: '' }, 'label'],
    [{ label: 'x'.repeat(65) }, 'label'],
    [{ label: 7 }, 'label'],
    [{ label: 'x', data: { theme: 'dark' } }, 'data'],
    [{ label: 'x', data: null }, 'data'],
    [{ label: 'x', knownVersion: -1 }, 'knownVersion'],
    [{ label: 'x', knownVersion: '1' }, 'knownVersion'],
  ])('request with %j is refused with the name of its field', async (frame, field) => {
    const carol = await world().connect('carol')
    expect(await carol.refusal('preference', frame)).toMatchObject({ code: 'invalid', details: { field } })
  })
})
