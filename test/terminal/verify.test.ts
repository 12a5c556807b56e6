import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { codeFor } from '../../terminal/command/start.ts'
import { verify } from '../../terminal/verify/verify.ts'
import { capturedOutput } from '../support/captured-output.ts'
import type { Frame } from '../support/socket/chat-socket.ts'

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'))
  file = join(folder, 'tokens.json')
})
afterAll(() => rm(folder, { recursive: true }))

async function run(...argv: string[]) {
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const code = await codeFor(verify, argv, output)
  return { code, ...printed() }
}

describe('the file with tokens', () => {
  const withText = async (text: string) => {
    await writeFile(file, text)
    return run('--endpoint', 'ws://127.0.0.1:1/chat', '--tokens', file)
  }

  test.each([
    ['no JSON', 'eyJhbGci.secret', 'is not JSON.'],
    ['a list', '["eyJhbGci.secret"]', 'must hold an object with a token for each name.'],
    ['a number as a token', '{"alice":"eyJhbGci.secret","bob":7}', 'has for bob is no token.'],
    ['a token with a space', '{"alice":"eyJhbGci. secret","bob":"b"}', 'has for alice is no token.'],
    ['one person', '{"alice":"eyJhbGci.secret"}', 'must have tokens of at least two people.'],
  ])('with %s is wrong usage, and is not quoted', async (_, text, sentence) => {
    const { code, out, error } = await withText(text)
    expect([code, out]).toEqual([2, ''])
    expect(error).toContain(sentence)
    expect(error).toMatch(/^--tokens: [^\n]+\. Try --help\.\n$/)
    expect(error).not.toContain('secret')
  })

  test('that is not there is wrong usage', async () => {
    const { code, error } = await run('--tokens', join(folder, 'none.json'))
    expect(code).toBe(2)
    expect(error).toMatch(/none\.json cannot be read\. Try --help\.\n$/)
  })
})

test.each([[[]], [['--tokens']]])('a server that does not answer is named, with the options %j', async (more) => {
  await writeFile(file, '{"alice":"a","bob":"b"}')
  const tokens = more.length > 0 ? [...more, file] : []
  const { code, out, error } = await run('--endpoint', 'ws://127.0.0.1:1/chat', '--timeout', '0.1', '--json', ...tokens)
  expect([code, out]).toEqual([1, ''])
  expect(JSON.parse(error)).toEqual({
    error: {
      code: 'unreachable',
      message: expect.stringMatching(/^There is no connection to ws:\/\/127\.0\.0\.1:1\/chat: \w[^\n]+\.$/),
    },
  })
})

describe('a gateway that differs from the local run', () => {
  const servers: WebSocketServer[] = []
  let users = 0
  afterEach(() => {
    for (const server of servers.splice(0)) {
      for (const socket of server.clients) socket.terminate()
      server.close()
    }
  })

  /** Runs a part against a server that answers `hello`, and other texts in its own way. Returns the findings by name. */
  async function findings(
    part: string[],
    answer: (text: string, socket: WebSocket) => void,
    hello: (id: string) => string | undefined = (id) =>
      `{"id":"${id}","ok":true,"user":"user ${++users}","limits":{},"protocol":"1.9"}`,
  ) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'chat.v1' })
    servers.push(server)
    await once(server, 'listening')
    server.on('connection', (socket) => {
      socket.on('error', () => undefined)
      socket.on('message', (data) => {
        const text = String(data)
        const id = /^{"action":"hello","id":"(\w+)"}$/.exec(text)?.[1]
        if (id === undefined) return answer(text, socket)
        const reply = hello(id)
        if (reply !== undefined) socket.send(reply)
      })
    })
    await writeFile(file, '{"alice":"a","bob":"b"}')
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
    const timeout = part.includes('--answer-timeout') ? [] : ['--answer-timeout', '5']
    const settle = part.includes('--settle') ? [] : ['--settle', '5']
    const limits = ['--flood', '20', ...settle, ...timeout]
    const { code, out } = await run('--endpoint', url, '--tokens', file, '--json', ...limits, ...part)
    const lines: Frame[] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const named = lines.flatMap(({ check, verdict, seen }) => (check === undefined ? [] : [[check, [verdict, seen]]]))
    return { code, line: lines.at(-1)?.line, ...Object.fromEntries(named) }
  }

  const internal = '{"message":"Internal server error","connectionId":"c","requestId":"r"}'
  const throttled = '{"message":"Limit Exceeded","connectionId":"c","requestId":"r"}'

  test('shows the words of a throttled frame', async () => {
    let pings = 0
    const seen = await findings(['throttling'], (_, socket) => socket.send(++pings > 5 ? throttled : '{"ok":true}'))
    expect(seen).toMatchObject({
      code: 0,
      'throttled frame': ['passed', '"Limit Exceeded", 15 times of 20; the connection stays open'],
      line: expect.stringContaining('protocol 1.9'),
    })
  })

  test('shows that a throttled connection is closed with 1008', async () => {
    let pings = 0
    const seen = await findings(['throttling', 'closings'], (_, socket) => {
      if (++pings === 5) socket.close(1008)
      else socket.send('{"ok":true}')
    })
    expect(seen).toMatchObject({
      code: 0,
      'throttled frame': ['passed', 'no frame, 0 times of 20; closed with 1008'],
      'close codes': ['unknown', '1008 ×1; not seen: 1001, 1012'],
    })
  })

  test('may answer a ping without its id; its other answers are shown', async () => {
    const seen = await findings(['requests'], (text, socket) => {
      if (text.includes('ping')) return socket.send('{"ok":true}')
      return socket.send('{"message":"Forbidden","connectionId":"c","requestId":"r"}')
    })
    expect(seen).toMatchObject({
      code: 1,
      ping: ['passed', 'accepted, without an id'],
      'unknown action': ['failed', '"Forbidden"'],
      'malformed JSON': ['failed', '"Forbidden"'],
    })
  })

  test('fails if it accepts frames that are too large, and if it refuses those that fit', async () => {
    const seen = await findings(['sizes'], (text, socket) => {
      socket.send(text.length <= 32 * 1024 ? '{"ok":false,"error":{"code":"internal"}}' : '{"ok":true}')
    })
    expect(seen).toMatchObject({
      code: 1,
      'frame of 32 KB': ['failed', 'refused as internal'],
      'larger frame': ['failed', 'accepted'],
      'message of 128 KB': ['unknown', 'accepted'],
      'larger message': ['failed', 'accepted'],
    })
  })

  test('is asked once more by a request that it has answered itself', async () => {
    let asked = 0
    const seen = await findings(
      ['requests'],
      (text, socket) => {
        const id = /"id":"(\w+)"/.exec(text)?.[1]
        if (text.includes('ping')) socket.send(`{"id":"${id}","ok":true}`)
        else socket.send(`{${id ? `"id":"${id}",` : ''}"ok":false,"error":{"code":"invalid"}}`)
      },
      (id) => (++asked === 3 ? internal : `{"id":"${id}","ok":true,"user":"user ${asked}","limits":{}}`),
    )
    expect([asked, seen.code]).toEqual([4, 0])
  })

  test('that does not answer fails the checks that ask it', async () => {
    let asked = 0
    const silent = (id: string) =>
      ++asked > 2 ? undefined : `{"id":"${id}","ok":true,"user":"user ${asked}","limits":{}}`
    const seen = await findings(
      ['requests', '--answer-timeout', '1'],
      (_, socket) => socket.send('{"ok":true}'),
      silent,
    )
    expect(seen).toMatchObject({ code: 1, ping: ['failed', 'hello is not answered'] })
    expect(asked).toBe(3)
  })

  /** A server with one room, which answers a member who was revoked with this code. */
  const refusingAs = (code: string) => {
    const sockets = new Set<WebSocket>()
    let [seq, isRevoked] = [0, false]
    return (frame: string, socket: WebSocket) => {
      const { action, id, roomId, text } = JSON.parse(frame)
      const push = (fields: object) => {
        for (const one of sockets) one.send(JSON.stringify({ roomId, ...fields }))
      }
      const reply = (fields: object) => socket.send(JSON.stringify({ id, ok: true, ...fields }))
      if (action === 'createRoom') return reply({ room: { roomId: 'r' } })
      if (action === 'join') sockets.add(socket)
      if (action === 'revoke') {
        isRevoked = true
        push({ type: 'kicked', reason: 'revoked' })
      }
      if (action === 'history' || text === 'too late') return reply({ ok: false, error: { code, retryable: false } })
      const message = { seq: action === 'send' ? ++seq : seq, text }
      if (action === 'send' && !isRevoked) push({ type: 'message', ...message })
      reply({ message })
    }
  }

  test.each(['not_joined', 'not_found', 'forbidden'])('may refuse a member who was revoked as %s', async (code) => {
    const seen = await findings(['revoke', '--settle', '0'], refusingAs(code))
    expect(seen).toMatchObject({
      code: 0,
      'revoke.told': ['passed', `kicked on 2 of 2 connections; send ${code}, history ${code}`],
    })
  })

  test.each(['internal', 'unavailable'])('fails if it refuses a revoked member only as %s', async (code) => {
    const seen = await findings(['revoke', '--settle', '0'], refusingAs(code))
    expect(seen).toMatchObject({ code: 1, 'revoke.told': ['failed', expect.stringContaining(`send ${code}, `)] })
  })

  test('fails if it admits forged tokens and foreign origins', async () => {
    const seen = await findings(['handshake'], () => undefined)
    expect(seen).toMatchObject({
      code: 1,
      subprotocol: ['passed', 'chat.v1'],
      'refused token': ['failed', 'accepted'],
      'missing token': ['failed', 'accepted'],
      'refused origin': ['failed', 'accepted'],
    })
  })
})
