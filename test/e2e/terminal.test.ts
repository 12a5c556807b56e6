import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { aWorld } from './world.ts'

jest.setTimeout(180_000)
const world = aWorld()

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

async function chat(user: string, room: string, ...more: string[]) {
  const { url, token } = world().deployment
  const line = ['--import', 'tsx', 'terminal/chat.ts', '--url', url, '--user', user, '--room', room, ...more]
  const env = { ...process.env, CHAT_TOKEN: await token(user) }
  const child = spawn(process.execPath, line, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  running.add(child)
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code)
  return { child, exited, lines: createInterface({ input: child.stdout }) }
}

const allOf = async (lines: Interface): Promise<string[]> => {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  return all
}

describe('npm run chat', () => {
  it('sends each line of a pipe as a message, in order, and ends', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const { child, exited, lines } = await chat('alice', room.name, '--json')
    child.stdin.end('one\n\ntwo\nthree\n')
    const stored = (await allOf(lines)).map((line) => JSON.parse(line))
    expect(await exited).toBe(0)
    expect(stored.map(({ seq, text, from }) => [seq, text, from.user])).toEqual([
      [1, 'one', 'alice'],
      [2, 'two', 'alice'],
      [3, 'three', 'alice'],
    ])
    for (const text of ['one', 'two', 'three']) expect(await bob.push('message')).toMatchObject({ text })
  })

  it('takes its time over a pipe that says more than one may say at once, and loses nothing', async () => {
    const room = await world().room()
    const { child, exited, lines } = await chat('alice', room.name, '--json')
    const texts = Array.from({ length: 30 }, (_, nr) => `line ${nr}`)
    child.stdin.end(texts.join('\n'))
    const stored = (await allOf(lines)).map((line) => JSON.parse(line))
    expect(await exited).toBe(0)
    expect(stored.map(({ text }) => text)).toEqual(texts)
    expect(stored.map(({ seq }) => seq)).toEqual(texts.map((_, at) => at + 1))
  })

  it('shows what was and is said, as people read it', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    await bob.ask('send', { roomId: room.roomId, text: 'Before' })
    const { child, lines } = await chat('alice', room.name, '--follow')
    const next = async () => String((await once(lines, 'line'))[0])
    expect(await next()).toMatch(/^\d\d:\d\d.* Bob: Before$/)
    const [line] = await Promise.all([
      next(),
      bob.ask('send', { roomId: room.roomId, text: 'Red\u2028', alert: true, title: 'News' }),
    ])
    expect(line).toMatch(/ Bob: ❗ «News» Red/)
    child.stdin.write('Hello\n')
    expect(await bob.push('message')).toMatchObject({ text: 'Hello', from: { user: 'alice' } })
    child.kill('SIGTERM')
    expect(await bob.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'alice' } })
  })

  it('makes the room where there is none, when it is told to, and else says what is wrong', async () => {
    const name = `Made ${process.pid} ${Date.now()}`
    const refused = await chat('alice', name)
    expect(await refused.exited).toBe(1)
    const made = await chat('alice', name, '--create')
    made.child.stdin.end('First\n')
    expect(await made.exited).toBe(0)
    const bob = await world().connect('bob')
    expect((await bob.ask('join', { roomName: name })).messages).toMatchObject([{ text: 'First' }])
  })
})
