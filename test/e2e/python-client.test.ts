import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { Cable } from '../support/socket/cable.ts'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { ScriptedWire } from '../support/socket/scripted-wire.ts'
import { aLocalWorld } from './local-world.ts'

jest.setTimeout(180_000)

const needed = 'import websocket; websocket.create_connection'
const trials = ['python3', '/usr/bin/python3'].map((python) => ({
  python,
  ...spawnSync(python, ['-c', needed], { encoding: 'utf8' }),
}))
const python = trials.find(({ status }) => status === 0)?.python ?? ''
if (!python) {
  const why = trials.map(({ error, stderr }) => error?.message ?? stderr.trim().split('\n').at(-1))
  process.stderr.write(`docs/client.py is not tested: ${why.join('; ')} (Debian: apt install python3-websocket)\n`)
}
const describeWithPython = python ? describe : describe.skip

/** docs/client.py as a process: what it prints, line by line. */
class Script {
  readonly process: ChildProcessWithoutNullStreams
  /** Its standard error. */
  complaints = ''
  readonly #lines: AsyncIterableIterator<string>
  readonly #printed: Interface

  constructor(url: string, token: string, room: string) {
    this.process = spawn(python, ['docs/client.py', url, token, room])
    this.process.stderr.on('data', (data) => {
      this.complaints += data
    })
    this.#printed = createInterface({ input: this.process.stdout })
    this.#lines = this.#printed[Symbol.asyncIterator]()
  }

  say(line: string): void {
    this.process.stdin.write(`${line}\n`)
  }

  async prints(count: number): Promise<string[]> {
    const lines: string[] = []
    while (lines.length < count) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error(`The client ended after ${lines.join(', ')}.`)
      lines.push(value)
    }
    return lines
  }

  /** Ends its input; resolves with how it ended and what else it printed. */
  async end(): Promise<[number | null, string[]]> {
    const exited = once(this.process, 'close')
    this.process.stdin.end()
    const [code]: (number | null)[] = await exited
    const rest: string[] = []
    for await (const line of this.#lines) rest.push(line)
    return [code ?? null, rest]
  }
}

describeWithPython('docs/client.py', () => {
  const world = aLocalWorld()
  let alice: ChatSocket
  let room: Frame
  let cable: Cable
  let bob: Script
  const says = (text: string) => alice.ask('send', { roomId: room.roomId, text })

  beforeEach(async () => {
    room = await world().room()
    alice = await world().joined('alice', room)
    await says('Before')
    const url = new URL(world().run.url)
    cable = await Cable.to(Number(url.port))
    url.port = String(cable.port)
    bob = new Script(url.href, await world().deployment.token('bob'), room.name)
    expect(await bob.prints(1)).toEqual(['Alice: Before'])
  })

  afterEach(async () => {
    bob.process.kill('SIGKILL')
    await cable.close()
  })

  it('shows what is said and says what it is told', async () => {
    await says('Is anybody here?')
    expect(await bob.prints(1)).toEqual(['Alice: Is anybody here?'])
    bob.say('I am — ☕')
    expect(await alice.push('message')).toMatchObject({ text: 'I am — ☕', clientMessageId: expect.any(String) })
    expect(await bob.prints(1)).toEqual(['Bob: I am — ☕'])
    expect(await bob.end()).toEqual([0, []])
  })

  it('comes back from a cut with everything that was said meanwhile, once', async () => {
    cable.cut()
    for (const text of ['One', 'Two', 'Three']) await says(text)
    expect(await bob.prints(3)).toEqual(['Alice: One', 'Alice: Two', 'Alice: Three'])
    expect(cable.used).toBeGreaterThan(1)
    await says('Four')
    expect(await bob.prints(1)).toEqual(['Alice: Four'])
    expect(await bob.end()).toEqual([0, []])
  })

  it('reads from the history what a push that failed would have brought', async () => {
    await world().faults('post500:1')
    await says('Lost on the way')
    await world().faults()
    await says('Seen')
    expect(await bob.prints(2)).toEqual(['Alice: Lost on the way', 'Alice: Seen'])
    expect(cable.used).toBe(1)
  })

  it('says something once although the reply is lost, and shows it once', async () => {
    cable.mute()
    bob.say('Only once')
    const { seq } = await alice.push('message')
    cable.cut()
    expect(await bob.prints(1)).toEqual(['Bob: Only once'])
    await says('Next')
    expect(await bob.prints(1)).toEqual(['Alice: Next'])
    const { messages } = await alice.ask('history', { roomId: room.roomId, after: seq - 1 })
    expect(messages.map(({ text }: Frame) => text)).toEqual(['Only once', 'Next'])
  })
})

/** Entries of a log, some of a kind that no client knows yet. */
const place = (seq: number) => ({ roomId: 'r', seq, sentAt: '2020-02-02T22:33:01.123Z' })
const saidAt = (seq: number, text: string) => ({ ...place(seq), from: { user: 'alice', name: 'Alice' }, text })
const changedAt = (seq: number) => ({
  ...place(seq),
  by: 'alice',
  removes: [],
  changes: 1,
  what: 'edit',
  message: { seq: 1, rev: 2, text: 'Never shown' },
})

describeWithPython('docs/client.py, of entries of a kind that it does not know', () => {
  it('shows nothing and asks for nothing, and goes on behind them', async () => {
    const wire = await ScriptedWire.start(({ action, after }, say) => {
      if (action === 'join') {
        const messages = [saidAt(1, 'One'), changedAt(2), saidAt(3, 'Two')]
        setImmediate(() => {
          say({ type: 'message', ...changedAt(4) })
          say({ type: 'messages', roomId: 'r', messages: [changedAt(5), saidAt(6, 'Three')] })
        })
        return { room: { roomId: 'r' }, epoch: '1', messages, head: 3, floor: 1, complete: true }
      }
      return { message: { ...saidAt(7, 'Four'), from: { user: 'bob', name: 'Bob' } }, duplicate: false, after }
    })
    const bob = new Script(wire.url, 'token', 'Lobby')
    expect(await bob.prints(3)).toEqual(['Alice: One', 'Alice: Two', 'Alice: Three'])
    bob.say('Four')
    expect(await bob.prints(1)).toEqual(['Bob: Four'])
    expect(await bob.end()).toEqual([0, []])
    expect(wire.asked.map(({ action, after }) => [action, after])).toEqual([
      ['join', undefined],
      ['send', 6],
    ])
    await wire.stop()
  })
})

describeWithPython('docs/client.py, when newer connections of its user took its place', () => {
  it.each(['while it listens', 'while it waits for a reply'])(
    'told %s, ends with a sentence and does not come back',
    async (when) => {
      const wire = await ScriptedWire.start(({ action }, say, socket) => {
        const replaced = () => {
          say({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 })
          socket.close()
        }
        if (action === 'send') return void replaced()
        if (when === 'while it listens') setImmediate(replaced)
        return { room: { roomId: 'r' }, epoch: '1', messages: [saidAt(1, 'One')], head: 1, floor: 1, complete: true }
      })
      const bob = new Script(wire.url, 'token', 'Lobby')
      expect(await bob.prints(1)).toEqual(['Alice: One'])
      const ended = once(bob.process, 'close')
      if (when !== 'while it listens') bob.say('Too late')
      expect((await ended)[0]).toBe(1)
      expect(bob.complaints).toBe(
        'The connection was replaced by newer ones of the same user. Start again to come back.\n',
      )
      expect(wire.opened).toBe(1)
      await wire.stop()
    },
  )
})
