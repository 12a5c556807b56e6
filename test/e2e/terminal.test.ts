import { endPrograms, outcome, program } from './programs.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()
afterEach(endPrograms)

async function chat(user: string, room: string, ...more: string[]) {
  const { url, token } = world().deployment
  const args = ['--timeout', '60', '--url', url, '--room', room, ...more]
  return program('terminal/main.ts', ['chat', ...args], { CHAT_TOKEN: await token(user) })
}

describe('npm run chat', () => {
  it('sends each line of a pipe as a message in order, and exits', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const { code, out } = await outcome(await chat('alice', room.name, '--json'), 'one\n\ntwo\nthree\n')
    expect(code).toBe(0)
    expect(out.map((line) => JSON.parse(line)).map(({ seq, text, from }) => [seq, text, from.user])).toEqual([
      [1, 'one', 'alice'],
      [2, 'two', 'alice'],
      [3, 'three', 'alice'],
    ])
    for (const text of ['one', 'two', 'three']) expect(await bob.push('message')).toMatchObject({ text })
  })

  it('sends a long pipe despite the rate limit and names a line that is too long', async () => {
    const room = await world().room()
    const texts = Array.from({ length: 30 }, (_, nr) => `line ${nr + 1}`)
    const input = texts.with(16, 'x'.repeat(5000)).join('\n')
    const { code, out, error } = await outcome(await chat('alice', room.name, '--json'), input)
    const stored = out.map((line) => JSON.parse(line))
    expect(code).toBe(1)
    expect(stored.map(({ text }) => text)).toEqual(texts.filter((_, at) => at !== 16))
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 29 }, (_, at) => at + 1))
    expect(error.map((line) => JSON.parse(line))).toEqual([
      { line: 17, error: { code: 'invalid', message: expect.stringContaining('at most 4096 bytes') } },
    ])
  })

  it('names the lines that the server refuses', async () => {
    const room = await world().room({ auditorium: true })
    const { code, out, error } = await outcome(await chat('bob', room.roomId), 'one\ntwo\n')
    expect([code, out]).toEqual([1, []])
    expect(error).toEqual([expect.stringMatching(/^line 1: [A-Z].*\.$/), expect.stringMatching(/^line 2: [A-Z].*\.$/)])
  })

  it('shows earlier and new messages in a readable form', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    await bob.ask('send', { roomId: room.roomId, text: 'Before' })
    const { child, out, exited, write } = await chat('alice', room.name, '--follow')
    const next = () => out.next()
    expect(await next()).toMatch(/^\d\d:\d\d.* Bob: Before$/)
    await bob.ask('send', { roomId: room.roomId, text: 'Red\u2028Blue', alert: true, title: 'News' })
    expect(await next()).toMatch(/ Bob: ❗ «News» Red$/)
    expect(await next()).toBe('      │ Blue')
    const root = await world().connect('root')
    await root.ask('removeMessages', { roomId: room.roomId, seqs: [1] })
    expect(await next()).toMatch(/^\* root removed message 1 \(Bob, \d\d:\d\d.*\)\.$/)
    write('Hello\n')
    expect(await bob.push('message', { text: 'Hello' })).toMatchObject({ from: { user: 'alice' } })
    child.kill('SIGTERM')
    expect(await bob.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'alice' } })
    expect(await exited).toBe(0)
  })

  it('shows a removal in the history with the author of the removed message', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    await bob.ask('send', { roomId: room.roomId, text: 'Regretted' })
    const root = await world().connect('root')
    await root.ask('removeMessages', { roomId: room.roomId, seqs: [1] })
    const { child, out } = await chat('alice', room.name, '--follow')
    expect(await out.next()).toMatch(/ Bob: \(removed by root\)$/)
    expect(await out.next()).toMatch(/^\* root removed message 1 \(Bob, .*\)\.$/)
    child.kill('SIGTERM')
  })

  it('exits when its user is kicked, and names the last line that was sent', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const { error, exited, write } = await chat('bob', room.name)
    write('one\n')
    await alice.push('message', { text: 'one' })
    await alice.ask('revoke', { roomId: room.roomId, role: 'member', principals: ['user:bob'] })
    expect(await error.all()).toEqual(['You are out of the room: revoked. The lines behind line 1 were not sent.'])
    expect(await exited).toBe(1)
  })

  it('sends the lines that it has read when it is interrupted, and names the last one', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const { child, error, exited, write } = await chat('alice', room.name)
    write('one\n')
    await bob.push('message', { text: 'one' })
    child.kill('SIGINT')
    expect(await error.all()).toEqual(['* The lines behind line 1 were not sent.'])
    expect(await exited).toBe(130)
  })

  it('creates a missing room with --create and reports it without', async () => {
    const name = someName()
    const refused = await outcome(await chat('alice', name))
    expect(refused).toEqual({ code: 1, out: [], error: [`There is no room "${name}". --create makes one.`] })
    expect(await outcome(await chat('alice', name, '--create'), 'First\n')).toMatchObject({ code: 0, error: [] })
    const bob = await world().connect('bob')
    expect((await bob.ask('join', { roomName: name })).messages).toMatchObject([{ text: 'First' }])
  })

  it('exits without an error when the reader of its output is gone', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const { out, error, exited, write } = await chat('alice', room.name, '--follow', '--json')
    await bob.push('participant', { event: 'joined' })
    out.close()
    await bob.ask('send', { roomId: room.roomId, text: 'not read' })
    write()
    expect(await error.all()).toEqual([])
    expect(await exited).toBe(0)
  })

  it.each([[[]], [['--json']]])('reports a wrong token with the options %j', async (more) => {
    const args = ['--timeout', '60', '--url', world().deployment.url, ...more]
    const { code, out, error } = await outcome(
      program('terminal/main.ts', ['chat', ...args], { CHAT_TOKEN: 'garbage' }),
    )
    expect({ code, out, lines: error.length }).toEqual({ code: 1, out: [], lines: 1 })
    if (more.length > 0) expect(JSON.parse(error[0] ?? '')).toMatchObject({ error: { code: 'unauthorized' } })
    else expect(error[0]).toMatch(/Set CHAT_TOKEN to a valid token/)
  })
})
