import { aLocalWorld } from './local-world.ts'
import { endPrograms, outcome, program } from './programs.ts'

const world = aLocalWorld()
afterEach(endPrograms)

async function admin(words: readonly string[], { user = 'root', input = '' } = {}) {
  const options = ['--timeout', '60', '--url', world().run.url]
  const [verb = '', ...rest] = words
  const argv = ['admin', verb, ...options, ...rest]
  return outcome(program('terminal/main.ts', argv, { CHAT_TOKEN: await world().deployment.token(user) }), input)
}

describe('npm run admin, over the wire', () => {
  it('suspends a user, lists the suspension, and ends it', async () => {
    const carol = await world().connect('carol')
    const suspended = await admin(['suspend', 'carol', '--reason', 'Spam', '--json'])
    expect(suspended).toMatchObject({ code: 0, error: [] })
    expect(JSON.parse(suspended.out[0] ?? '')).toMatchObject({ user: 'carol', by: 'root', reason: 'Spam' })
    await carol.closed
    const { out: listed } = await admin(['suspended'])
    expect(listed).toEqual([expect.stringMatching(/^carol is suspended since .+ by root, until it is ended: Spam$/)])
    expect((await admin(['unsuspend', 'carol'])).out).toEqual(['carol may connect again.'])
    expect((await admin(['unsuspend', 'carol'])).out).toEqual(['carol was not suspended.'])
    expect((await admin(['suspended', '--json'])).out).toEqual(['[]'])
  })

  it('disconnects a user', async () => {
    const sockets = [await world().connect('dave'), await world().connect('dave')]
    expect(await admin(['disconnect', 'dave'])).toMatchObject({ code: 0, out: ['2 connections closed.'] })
    await Promise.all(sockets.map((socket) => socket.closed))
    const both = await admin(['disconnect', 'dave', '--connection', 'c'])
    expect(both).toMatchObject({ code: 2, error: ['Give one user, or --connection, and not both. Try --help.'] })
  })

  it('sets and tells for how long a room, by its name, keeps its messages', async () => {
    const { name, roomId } = await world().room()
    expect((await admin(['retention', '--room', name])).out).toEqual(['Messages are kept without end.'])
    expect((await admin(['retention', '--room', name, '--days', '30'])).out).toEqual(['Messages are kept for 30 days.'])
    const { out } = await admin(['retention', '--room', roomId, '--json'])
    expect(JSON.parse(out[0] ?? '')).toEqual({ roomId, days: 30 })
    const none = await admin(['retention', '--room', 'no such room'])
    expect(none).toMatchObject({ code: 1, error: ['There is no room "no such room".'] })
  })

  it('begins and ends a legal hold', async () => {
    const { name } = await world().room()
    expect((await admin(['legal-hold', '--room', name])).out[0]).toMatch(/is not under a legal hold\.$/)
    expect((await admin(['legal-hold', '--room', name, '--hold'])).out[0]).toMatch(/is under a legal hold\.$/)
    expect((await admin(['legal-hold', '--room', name])).out[0]).toMatch(/is under a legal hold\.$/)
    expect((await admin(['legal-hold', '--room', name, '--release'])).out[0]).toMatch(/is not under/)
  })

  it('erases a user only if that is confirmed', async () => {
    const refused = await admin(['erase', 'mallory'], { input: 'mallory\n' })
    expect(refused).toMatchObject({ code: 1, error: ['An erasure needs --yes where nobody can be asked.'] })
    const { code, out } = await admin(['erase', 'mallory', '--yes', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ messages: 'keep', state: expect.stringMatching(/^running|done$/) })
    await admin(['unsuspend', 'mallory'])
  })

  it('tells an ordinary user that the verb is for administrators', async () => {
    const { code, error } = await admin(['suspended', '--json'], { user: 'alice' })
    expect(code).toBe(1)
    expect(JSON.parse(error[0] ?? '')).toMatchObject({ error: { code: 'forbidden' } })
  })
})
