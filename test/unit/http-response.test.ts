import { once } from 'node:events'
import type { Socket } from 'node:net'
import { postClient } from '../../lambdas/aws/post-to-connection.ts'
import { answering, type Behaviour, type Peer, reply, startPeer } from '../support/socket/raw-peer.ts'

/** The poster's own end of each socket, where a test can have bytes arrive in whatever pieces it likes. */
const mockDialled: Socket[] = []
jest.mock('node:net', () => {
  const net = jest.requireActual('node:net')
  const connect = (...args: unknown[]) => {
    const socket = net.connect(...args)
    mockDialled.push(socket)
    return socket
  }
  return { ...net, connect }
})

const peers: Peer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close()
})

async function posterTo(behaviour: Behaviour) {
  const peer = await startPeer(behaviour)
  peers.push(peer)
  const post = postClient({
    endpoint: `http://127.0.0.1:${peer.port}/chat`,
    region: 'us-east-1',
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }),
    now: Date.now,
    deadlineMs: 1500,
  })
  return { peer, post }
}

test.each([200, 204, 304, 400, 403, 410, 413, 429, 500, 503])('status %i is told as it is', async (status) => {
  const { post } = await posterTo(answering(status))
  expect(await post('id=', 'frame')).toBe(status)
})

const whole: Record<string, string> = {
  'of known length': reply(410, '{"message":"gone"}', 'x-amzn-ErrorType: GoneException\r\n'),
  'without a body': 'HTTP/1.1 204 No Content\r\nx-amzn-RequestId: 1\r\n\r\n',
  'without a word beside the status': 'HTTP/1.1 200\r\nContent-Length:0\r\n\r\n',
  'in chunks': 'HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n',
  'in no chunk': 'HTTP/1.1 200 OK\r\ntransfer-encoding:\tChunked \r\n\r\n0\r\n\r\n',
  'after others that were not the last word': `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\na: b\r\n\r\n${reply(200)}`,
}

describe.each(Object.entries(whole))('a reply %s', (_, text) => {
  const status = Number(/HTTP\/1\.1 ([2-5]\d\d)/.exec(text)?.[1])

  /** The peer falls silent, and the pieces arrive as if from it. */
  async function hearing(pieces: readonly string[]) {
    const { peer, post } = await posterTo(() => asked?.())
    let asked: (() => void) | undefined
    const heard = new Promise<void>((resolve) => {
      asked = resolve
    })
    let answered = 0
    const posted = post('id=', 'frame').then((answer) => {
      answered++
      return answer
    })
    await heard
    const socket = mockDialled.at(-1)
    for (const [at, piece] of pieces.entries()) {
      // Before the last piece there is no answer, however long one waits.
      if (at === pieces.length - 1) await new Promise(setImmediate)
      expect(answered).toBe(0)
      socket?.emit('data', Buffer.from(piece, 'latin1'))
    }
    return { peer, posted, post }
  }

  test('is understood wherever it is cut in two', async () => {
    for (let cut = 1; cut < text.length; cut++) {
      const { posted } = await hearing([text.slice(0, cut), text.slice(cut)])
      expect(await posted).toBe(status)
    }
  })

  test('is understood byte by byte, and the socket is used again', async () => {
    const { peer, posted, post } = await hearing(text.split(''))
    expect(await posted).toBe(status)
    const dialled = mockDialled.length
    const [socket] = peer.sockets
    const heard = socket && once(socket, 'data')
    const again = post('id=', 'more')
    await heard
    mockDialled.at(-1)?.emit('data', Buffer.from(reply(429)))
    expect(await again).toBe(429)
    expect(mockDialled).toHaveLength(dialled)
  })
})

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['no HTTP, as far as it goes', 'HTTQ'],
  ['HTTP of another age', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ['HTTP of another version', 'HTTP/2 200\r\ncontent-length: 0\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
  ['a status that is none', 'HTTP/1.1 999 OK\r\ncontent-length: 0\r\n\r\n'],
  ['no status', 'HTTP/1.1 OK\r\ncontent-length: 0\r\n\r\n'],
  ['another protocol from now on', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'],
  ['no length', 'HTTP/1.1 200 OK\r\ndate: today\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\ncontent-length: 0\r\n\r\n'],
  ['two lengths in one', 'HTTP/1.1 200 OK\r\ncontent-length: 0, 0\r\n\r\n'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a length below nothing', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
  ['a length in no digits', 'HTTP/1.1 200 OK\r\ncontent-length: 0x0\r\n\r\n'],
  ['a length beyond reason', 'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'],
  ['chunks in a wrapping', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['a chunk of no size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n'],
  ['a chunk longer than it says', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n'],
  ['a last chunk that is not the end', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\ntrailer: 1\r\n\r\n'],
  ['a field without a name', 'HTTP/1.1 200 OK\r\n: nameless\r\ncontent-length: 0\r\n\r\n'],
  ['a field without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\ncontent-length: 0\r\n\r\n'],
  ['a field with a blank before its colon', 'HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n'],
  ['a folded field', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 0\r\n\r\n'],
  ['half a line end', 'HTTP/1.1 200 OK\r\na: b\nc: d\r\ncontent-length: 0\r\n\r\n'],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(12_000)}`],
])('a peer that says %s is hung up on, and the post is lost', async (_, text) => {
  const { peer, post } = await posterTo((_request, socket) => socket.write(text))
  expect(await post('id=', 'frame')).toBe('lost')
  const [socket] = peer.sockets
  if (socket && !socket.closed) await once(socket, 'close')
  expect(peer.requests).toHaveLength(1)
})

test.each([
  ['says that it closes', reply(200, '', 'Connection: close\r\n')],
  ['says so among other things', reply(200, '', 'connection: x-more, Close\r\n')],
  ['says more than was asked', `${reply(200)}${reply(410)}`],
])('after a reply that %s, the next post takes another socket', async (_, text) => {
  const { peer, post } = await posterTo((_request, socket) => socket.write(text))
  expect(await post('one', 'frame')).toBe(200)
  expect(await post('two', 'frame')).toBe(200)
  expect(peer.requests.map(({ connection }) => connection)).toEqual([1, 2])
})
