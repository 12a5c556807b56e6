import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { ScriptedSocketServer } from '../support/socket/scripted-socket-server.ts'
import { TcpProxy } from '../support/socket/tcp-proxy.ts'
import { aLocalWorld } from './local-world.ts'

const requiredImport = 'import websocket; websocket.create_connection'
const candidates = ['python3', '/usr/bin/python3'].map((python) => ({
  python,
  ...spawnSync(python, ['-c', requiredImport], { encoding: 'utf8' }),
}))
const python = candidates.find(({ status }) => status === 0)?.python ?? ''
if (!python) {
  const why = candidates.map(({ error, stderr }) => error?.message ?? stderr.trim().split('\n').at(-1))
  process.stderr.write(`docs/client.py is not tested: ${why.join('; ')} (Debian: apt install python3-websocket)\n`)
}
const describeWithPython = python ? describe : describe.skip

/** docs/client.py as a process. */
class Script {
  readonly process: ChildProcessWithoutNullStreams
  errorOutput = ''
  readonly #lines: AsyncIterableIterator<string>
  readonly #printed: Interface

  constructor(url: string, token: string, room: string) {
    this.process = spawn(python, ['docs/client.py', url, token, room])
    this.process.stderr.on('data', (data) => {
      this.errorOutput += data
    })
    this.#printed = createInterface({ input: this.process.stdout })
    this.#lines = this.#printed[Symbol.asyncIterator]()
  }

  type(line: string): void {
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

  /** Ends the input; resolves with the exit code and the remaining output. */
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
  let cable: TcpProxy
  let bob: Script
  const send = (text: string) => alice.ask('send', { roomId: room.roomId, text })

  beforeEach(async () => {
    room = await world().room()
    alice = await world().joined('alice', room)
    await send('Before')
    const url = new URL(world().run.url)
    cable = await TcpProxy.to(Number(url.port))
    url.port = String(cable.port)
    bob = new Script(url.href, await world().deployment.token('bob'), room.name)
    expect(await bob.prints(1)).toEqual(['Alice: Before'])
  })

  afterEach(async () => {
    bob.process.kill('SIGKILL')
    await cable.close()
  })

  it('prints messages of others and sends its input lines', async () => {
    await send('Is anybody here?')
    expect(await bob.prints(1)).toEqual(['Alice: Is anybody here?'])
    bob.type('I am — ☕')
    expect(await alice.push('message')).toMatchObject({ text: 'I am — ☕', clientMessageId: expect.any(String) })
    expect(await bob.prints(1)).toEqual(['Bob: I am — ☕'])
    expect(await bob.end()).toEqual([0, []])
  })

  it('reconnects after a cut and prints each missed message once', async () => {
    cable.cut()
    for (const text of ['One', 'Two', 'Three']) await send(text)
    expect(await bob.prints(3)).toEqual(['Alice: One', 'Alice: Two', 'Alice: Three'])
    expect(cable.used).toBeGreaterThan(1)
    await send('Four')
    expect(await bob.prints(1)).toEqual(['Alice: Four'])
    expect(await bob.end()).toEqual([0, []])
  })

  it('reads messages from the history whose push failed', async () => {
    await world().faults('post500:1')
    await send('Lost push')
    await world().faults()
    await send('Seen')
    expect(await bob.prints(2)).toEqual(['Alice: Lost push', 'Alice: Seen'])
    expect(cable.used).toBe(1)
  })

  it('sends a message once although the reply is lost, and prints it once', async () => {
    cable.mute()
    bob.type('Only once')
    const { seq } = await alice.push('message')
    cable.cut()
    expect(await bob.prints(1)).toEqual(['Bob: Only once'])
    await send('Next')
    expect(await bob.prints(1)).toEqual(['Alice: Next'])
    const { messages } = await alice.ask('history', { roomId: room.roomId, after: seq - 1 })
    expect(messages.map(({ text }: Frame) => text)).toEqual(['Only once', 'Next'])
  })
})

const entryAt = (seq: number) => ({ roomId: 'r', seq, sentAt: '2020-02-02T22:33:01.123Z' })
const messageAt = (seq: number, text: string) => ({ ...entryAt(seq), from: { user: 'alice', name: 'Alice' }, text })
/** An entry of a kind that no client knows yet. */
const changedAt = (seq: number) => ({
  ...entryAt(seq),
  by: 'alice',
  removes: [],
  changes: 1,
  what: 'edit',
  message: { seq: 1, rev: 2, text: 'Never shown' },
})

describeWithPython('docs/client.py', () => {
  it('prints nothing and requests nothing for entries of unknown kinds, and continues after them', async () => {
    const wire = await ScriptedSocketServer.start(({ action, after }, say) => {
      if (action === 'join') {
        const messages = [messageAt(1, 'One'), changedAt(2), messageAt(3, 'Two')]
        setImmediate(() => {
          say({ type: 'message', ...changedAt(4) })
          say({ type: 'messages', roomId: 'r', messages: [changedAt(5), messageAt(6, 'Three')] })
        })
        return { room: { roomId: 'r' }, epoch: '1', messages, head: 3, floor: 1, complete: true }
      }
      return { message: { ...messageAt(7, 'Four'), from: { user: 'bob', name: 'Bob' } }, duplicate: false, after }
    })
    const bob = new Script(wire.url, 'token', 'Lobby')
    expect(await bob.prints(3)).toEqual(['Alice: One', 'Alice: Two', 'Alice: Three'])
    bob.type('Four')
    expect(await bob.prints(1)).toEqual(['Bob: Four'])
    expect(await bob.end()).toEqual([0, []])
    expect(wire.requests.map(({ action, after }) => [action, after])).toEqual([
      ['join', undefined],
      ['send', 6],
    ])
    await wire.stop()
  })
})

describeWithPython('docs/client.py', () => {
  it.each(['while it listens', 'while it waits for a reply'])(
    'ends with a message and does not reconnect if newer connections replace it %s',
    async (when) => {
      const wire = await ScriptedSocketServer.start(({ action }, say, socket) => {
        const replaced = () => {
          say({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 })
          socket.close()
        }
        if (action === 'send') return void replaced()
        if (when === 'while it listens') setImmediate(replaced)
        return { room: { roomId: 'r' }, epoch: '1', messages: [messageAt(1, 'One')], head: 1, floor: 1, complete: true }
      })
      const bob = new Script(wire.url, 'token', 'Lobby')
      expect(await bob.prints(1)).toEqual(['Alice: One'])
      const ended = once(bob.process, 'close')
      if (when !== 'while it listens') bob.type('Too late')
      expect((await ended)[0]).toBe(1)
      expect(bob.errorOutput).toBe(
        'The connection was replaced by newer ones of the same user. Start again to come back.\n',
      )
      expect(wire.opened).toBe(1)
      await wire.stop()
    },
  )
})
