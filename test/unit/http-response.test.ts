import { once } from 'node:events'
import type { Socket } from 'node:net'
import { postClient } from '../../lambdas/aws/post-to-connection.ts'
import { answering, type Behaviour, type RawServer, reply, startRawServer } from '../support/socket/raw-server.ts'

/** The poster's side of each socket, through which a test can deliver bytes in any pieces. */
const mockSockets: Socket[] = []
jest.mock('node:net', () => {
  const net = jest.requireActual('node:net')
  const connect = (...args: unknown[]) => {
    const socket = net.connect(...args)
    mockSockets.push(socket)
    return socket
  }
  return { ...net, connect }
})

const servers: RawServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function posterTo(behaviour: Behaviour) {
  const server = await startRawServer(behaviour)
  servers.push(server)
  const post = postClient({
    endpoint: `http://127.0.0.1:${server.port}/chat`,
    region: 'us-east-1',
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }),
    now: Date.now,
    deadlineMs: 1500,
  })
  return { server, post }
}

test.each([200, 204, 304, 400, 403, 410, 413, 429, 500, 503])('a post returns the status %i', async (status) => {
  const { post } = await posterTo(answering(status))
  expect(await post('id=', 'frame')).toBe(status)
})

const complete: Record<string, string> = {
  'of known length': reply(410, '{"message":"gone"}', 'x-amzn-ErrorType: GoneException\r\n'),
  'without a body': 'HTTP/1.1 204 No Content\r\nx-amzn-RequestId: 1\r\n\r\n',
  'without a reason phrase': 'HTTP/1.1 200\r\nContent-Length:0\r\n\r\n',
  'in chunks': 'HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n',
  'with no chunk': 'HTTP/1.1 200 OK\r\ntransfer-encoding:\tChunked \r\n\r\n0\r\n\r\n',
  'after informational ones': `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\na: b\r\n\r\n${reply(200)}`,
}

describe.each(Object.entries(complete))('a response %s', (_, text) => {
  const status = Number(/HTTP\/1\.1 ([2-5]\d\d)/.exec(text)?.[1])

  /** The server sends nothing; the pieces are delivered on the poster's side of the socket. */
  async function deliver(pieces: readonly string[]) {
    const { server, post } = await posterTo(() => resolveRequested?.())
    let resolveRequested: (() => void) | undefined
    const requested = new Promise<void>((resolve) => {
      resolveRequested = resolve
    })
    let ended = 0
    const posted = post('id=', 'frame').then((status) => {
      ended++
      return status
    })
    await requested
    const socket = mockSockets.at(-1)
    for (const [at, piece] of pieces.entries()) {
      // The post does not end before the last piece.
      if (at === pieces.length - 1) await new Promise(setImmediate)
      expect(ended).toBe(0)
      socket?.emit('data', Buffer.from(piece, 'latin1'))
    }
    return { server, posted, post }
  }

  test('is parsed from two pieces with any split', async () => {
    for (let cut = 1; cut < text.length; cut++) {
      const { posted } = await deliver([text.slice(0, cut), text.slice(cut)])
      expect(await posted).toBe(status)
    }
  })

  test('is parsed byte by byte, and the socket is used again', async () => {
    const { server, posted, post } = await deliver(text.split(''))
    expect(await posted).toBe(status)
    const count = mockSockets.length
    const [socket] = server.sockets
    const requested = socket && once(socket, 'data')
    const again = post('id=', 'more')
    await requested
    mockSockets.at(-1)?.emit('data', Buffer.from(reply(429)))
    expect(await again).toBe(429)
    expect(mockSockets).toHaveLength(count)
  })
})

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['the beginning of another protocol', 'HTTQ'],
  ['HTTP 1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ['HTTP 2', 'HTTP/2 200\r\ncontent-length: 0\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
  ['an invalid status', 'HTTP/1.1 999 OK\r\ncontent-length: 0\r\n\r\n'],
  ['no status', 'HTTP/1.1 OK\r\ncontent-length: 0\r\n\r\n'],
  ['a switch of the protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'],
  ['no length', 'HTTP/1.1 200 OK\r\ndate: today\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\ncontent-length: 0\r\n\r\n'],
  ['two lengths in one', 'HTTP/1.1 200 OK\r\ncontent-length: 0, 0\r\n\r\n'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
  ['a hexadecimal length', 'HTTP/1.1 200 OK\r\ncontent-length: 0x0\r\n\r\n'],
  ['a huge length', 'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'],
  ['compressed chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n'],
  ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n'],
  ['a trailer after the last chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\ntrailer: 1\r\n\r\n'],
  ['a field without a name', 'HTTP/1.1 200 OK\r\n: nameless\r\ncontent-length: 0\r\n\r\n'],
  ['a field without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\ncontent-length: 0\r\n\r\n'],
  ['a field with a space before its colon', 'HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n'],
  ['a folded field', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 0\r\n\r\n'],
  ['an incomplete line end', 'HTTP/1.1 200 OK\r\na: b\nc: d\r\ncontent-length: 0\r\n\r\n'],
  ['an endless header', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(12_000)}`],
])('a response with %s closes the socket and loses the post', async (_, text) => {
  const { server, post } = await posterTo((_request, socket) => socket.write(text))
  expect(await post('id=', 'frame')).toBe('lost')
  const [socket] = server.sockets
  if (socket && !socket.closed) await once(socket, 'close')
  expect(server.requests).toHaveLength(1)
})

test.each([
  ['announces a close', reply(200, '', 'Connection: close\r\n')],
  ['announces a close among other options', reply(200, '', 'connection: x-more, Close\r\n')],
  ['is followed by a second one', `${reply(200)}${reply(410)}`],
])('after a response that %s, the next post uses another socket', async (_, text) => {
  const { server, post } = await posterTo((_request, socket) => socket.write(text))
  expect(await post('one', 'frame')).toBe(200)
  expect(await post('two', 'frame')).toBe(200)
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2])
})
