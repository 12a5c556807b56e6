import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { type Answer, type Credentials, type PosterOptions, poster } from '../../lambdas/gateway/poster.ts'
import { type Certificate, selfSigned } from '../support/certificate.ts'
import { answering, type Behaviour, type Peer, reply, startPeer } from '../support/raw-peer.ts'

const peers: Peer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close()
})

const credentials: Credentials = { accessKeyId: 'first', secretAccessKey: 'secret', sessionToken: 'token' }

async function posterTo(behaviour: Behaviour, options: Partial<PosterOptions> = {}) {
  const peer = await startPeer(behaviour)
  peers.push(peer)
  const post = poster({
    endpoint: `http://127.0.0.1:${peer.port}/chat`,
    region: 'us-east-1',
    credentials: async () => credentials,
    now: Date.now,
    ...options,
  })
  return { peer, post }
}

const places = ({ requests }: Peer) => requests.map(({ connection, turn }) => `${connection}.${turn}`)

describe('sockets', () => {
  test('posts one after another travel over one', async () => {
    const { peer, post } = await posterTo(answering(200))
    for (let count = 0; count < 5; count++) expect(await post(`id${count}`, 'frame')).toBe(200)
    expect(places(peer)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5'])
  })

  test('posts at once take one each, as many as are allowed, and the others wait for their turn', async () => {
    const held: (() => void)[] = []
    let all = () => {}
    const full = new Promise<void>((resolve) => {
      all = resolve
    })
    const hold: Behaviour = (_, socket) => {
      if (held.push(() => socket.write(reply(200))) === 3) all()
    }
    const { peer, post } = await posterTo(hold, { sockets: 3 })
    const posts = Array.from({ length: 7 }, (_, count) => post(`id${count}`, 'frame'))
    await full
    expect(peer.requests).toHaveLength(3)
    const release = setInterval(() => held.shift()?.(), 1)
    expect(await Promise.all(posts)).toEqual(Array(7).fill(200))
    clearInterval(release)
    expect(peer.sockets).toHaveLength(3)
    expect(peer.requests.map(({ path }) => path.slice(-3)).sort()).toEqual([
      'id0',
      'id1',
      'id2',
      'id3',
      'id4',
      'id5',
      'id6',
    ])
  })

  test('one that the peer closed while it was unused costs no post', async () => {
    const { peer, post } = await posterTo((_, socket) => socket.end(reply(200)))
    expect(await post('one', 'frame')).toBe(200)
    const [first] = peer.sockets
    if (first && !first.closed) await once(first, 'close')
    expect(await post('two', 'frame')).toBe(200)
    expect(peer.sockets).toHaveLength(2)
  })

  test('a post that met a dead one is posted again over a fresh one', async () => {
    const { peer, post } = await posterTo((request, socket) => {
      if (request.turn === 1) socket.write(reply(200))
      else socket.destroy()
    })
    expect(await post('one', 'frame')).toBe(200)
    expect(await post('two', 'frame')).toBe(200)
    expect(places(peer)).toEqual(['1.1', '1.2', '2.1'])
  })

  test('a hundred that died while the function was frozen cost no post', async () => {
    const { peer, post } = await posterTo((request, socket) => {
      if (request.turn === 1) socket.write(reply(200))
      else socket.destroy()
    })
    const all = () => Promise.all(Array.from({ length: 100 }, (_, count) => post(`id${count}`, 'frame')))
    await all()
    expect(await all()).toEqual(Array(100).fill(200))
    expect(new Set(peer.requests.slice(100).map(({ path }) => path)).size).toBe(100)
  })

  test('a fresh one that dies loses its post: nobody knows whether it arrived', async () => {
    const { peer, post } = await posterTo((_, socket) => socket.destroy())
    expect(await post('one', 'frame')).toBe('lost')
    expect(peer.requests).toHaveLength(1)
  })

  test('a reply that breaks off loses its post', async () => {
    const { peer, post } = await posterTo((request, socket) => {
      if (request.turn === 1) socket.write(reply(200))
      else socket.end('HTTP/1.1 200 OK\r\n')
    })
    expect(await post('one', 'frame')).toBe(200)
    expect(await post('two', 'frame')).toBe('lost')
    expect(peer.requests).toHaveLength(2)
  })

  test('one that was silent for long is not trusted', async () => {
    let now = 0
    const { peer, post } = await posterTo(answering(200), { now: () => now })
    await post('one', 'frame')
    now += 19_999
    await post('two', 'frame')
    now += 20_000
    await post('three', 'frame')
    expect(places(peer)).toEqual(['1.1', '1.2', '2.1'])
  })

  test('where nobody listens a post is lost', async () => {
    const { peer, post } = await posterTo(answering(200))
    await peer.close()
    peers.pop()
    expect(await post('id', 'frame')).toBe('lost')
  })

  test('they do not keep a process alive', async () => {
    const { peer } = await posterTo(answering(200))
    const program = `import { poster } from './lambdas/gateway/poster.ts'
      const options = { endpoint: 'http://127.0.0.1:${peer.port}', region: 'r', now: Date.now }
      const post = poster({ ...options, credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }) })
      console.log(await Promise.all([post('one', 'frame'), post('two', 'frame')]))`
    const run = [process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]] as const
    const { stdout } = await promisify(execFile)(...run)
    expect(stdout.trim()).toBe('[ 200, 200 ]')
    expect(peer.sockets).toHaveLength(2)
  })
})

describe('time', () => {
  test('whoever never answers is late, and its socket is given up', async () => {
    const { peer, post } = await posterTo(() => {}, { deadlineMs: 20 })
    expect(await post('id', 'frame')).toBe('late')
    const [socket] = peer.sockets
    if (socket && !socket.closed) await once(socket, 'close')
    expect(peer.requests).toHaveLength(1)
  })

  test('a reply without end is late', async () => {
    const { post } = await posterTo((_, socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), {
      deadlineMs: 20,
    })
    expect(await post('id', 'frame')).toBe('late')
  })

  test('the second try of a post has no time of its own', async () => {
    const { peer, post } = await posterTo(
      (request, socket) => {
        if (request.turn === 2) socket.destroy()
        if (request.connection === 1 && request.turn === 1) socket.write(reply(200))
      },
      { deadlineMs: 500 },
    )
    expect(await post('one', 'frame')).toBe(200)
    expect(await post('two', 'frame')).toBe('late')
    expect(places(peer)).toEqual(['1.1', '1.2', '2.1'])
  })

  test('posts behind hanging ones get their own time when their turn comes', async () => {
    const { post } = await posterTo(({ path }, socket) => path.endsWith('live') && socket.write(reply(200)), {
      sockets: 1,
      deadlineMs: 500,
    })
    expect(await Promise.all([post('hanging', 'frame'), post('hanging', 'frame'), post('live', 'frame')])).toEqual([
      'late',
      'late',
      200,
    ])
  })

  test('of 2,000 posts, one in fifty hanging, all others are done while those still hang', async () => {
    const hangs = (count: number) => count % 50 === 0
    let ending = false
    const { peer, post } = await posterTo(
      ({ path }, socket) => {
        if (!hangs(Number(path.split('/').at(-1)))) socket.write(reply(200))
        else if (ending) socket.destroy()
      },
      { sockets: 100, deadlineMs: 60_000 },
    )
    const live: Promise<Answer>[] = []
    const hanging: Promise<Answer>[] = []
    for (let count = 0; count < 2000; count++) (hangs(count) ? hanging : live).push(post(String(count), 'frame'))
    let over = 0
    for (const post of hanging) void post.then(() => over++)
    expect(new Set(await Promise.all(live))).toEqual(new Set([200]))
    expect([live.length, hanging.length, over]).toEqual([1960, 40, 0])
    ending = true
    for (const socket of peer.sockets) socket.destroy()
    expect(new Set(await Promise.all(hanging))).toEqual(new Set(['lost']))
  })
})

describe('credentials', () => {
  const keyOf = ({ headers }: { headers: Record<string, string> }) =>
    /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]
  const refusal = (message: string, type: string) =>
    reply(403, JSON.stringify({ message }), `x-amzn-ErrorType: ${type}\r\n`)
  const expired = refusal('The security token included in the request is expired', 'ExpiredTokenException')

  /** Gives the next key each time it is asked. */
  function provider(lastsMs?: number, now = Date.now) {
    let asked = 0
    const provide = async (): Promise<Credentials> => ({
      ...credentials,
      accessKeyId: `key${++asked}`,
      ...(lastsMs !== undefined && { expiration: new Date(now() + lastsMs) }),
    })
    return { credentials: provide, asked: () => asked }
  }

  test('are asked for once, also by many posts at once', async () => {
    const { credentials, asked } = provider()
    const { post } = await posterTo(answering(200), { credentials })
    await Promise.all(Array.from({ length: 20 }, () => post('id', 'frame')))
    await post('id', 'frame')
    expect(asked()).toBe(1)
  })

  test('are renewed in the middle of a broadcast, a minute before they expire', async () => {
    let now = 1_700_000_000_000
    const { credentials, asked } = provider(3_600_000, () => now)
    const { peer, post } = await posterTo(answering(200), { credentials, now: () => now })
    const broadcast = () => Promise.all(Array.from({ length: 10 }, () => post('id', 'frame')))
    await broadcast()
    now += 3_539_999
    await broadcast()
    expect(asked()).toBe(1)
    now += 1
    await broadcast()
    expect(asked()).toBe(2)
    expect(peer.requests.map(keyOf)).toEqual([...Array(20).fill('key1'), ...Array(10).fill('key2')])
  })

  test('that hardly last are asked for once a second, not at each post', async () => {
    let now = 1_700_000_000_000
    const { credentials, asked } = provider(10, () => now)
    const { post } = await posterTo(answering(200), { credentials, now: () => now })
    for (let count = 0; count < 5; count++) await post('id', 'frame')
    expect(asked()).toBe(1)
    now += 1000
    await post('id', 'frame')
    expect(asked()).toBe(2)
  })

  test.each([
    ['expired', expired],
    ['invalid', refusal('The security token included in the request is invalid.', 'UnrecognizedClientException')],
    [
      'expired, said in the body alone',
      reply(403, '{"message":"The security token included in the request is expired"}'),
    ],
  ])('a token that is %s is renewed once for all posts that met it, and each is posted again', async (_, refused) => {
    const { credentials, asked } = provider()
    const { peer, post } = await posterTo(
      (request, socket) => socket.write(keyOf(request) === 'key1' ? refused : reply(200)),
      { credentials },
    )
    const posts = Array.from({ length: 50 }, (_, count) => post(`id${count}`, 'frame'))
    expect(await Promise.all(posts)).toEqual(Array(50).fill(200))
    expect(asked()).toBe(2)
    expect(peer.requests).toHaveLength(100)
  })

  test('a token that is refused again stays refused', async () => {
    const { credentials, asked } = provider()
    const { peer, post } = await posterTo((_, socket) => socket.write(expired), { credentials })
    expect(await post('id', 'frame')).toBe(403)
    expect([asked(), peer.requests.length]).toEqual([2, 2])
  })

  test('a right that is missing is no matter of the token', async () => {
    const denied = refusal('User: arn:aws:sts::1:assumed-role/x is not authorized to perform: y', 'ForbiddenException')
    const { credentials, asked } = provider()
    const { peer, post } = await posterTo((_, socket) => socket.write(denied), { credentials })
    expect(await post('id', 'frame')).toBe(403)
    expect([asked(), peer.requests.length]).toEqual([1, 1])
  })

  test('that cannot be had fail the post, and are asked for again by the next', async () => {
    let there = false
    const { post } = await posterTo(answering(200), {
      credentials: async () => {
        if (there) return credentials
        throw new Error('none')
      },
    })
    await expect(post('id', 'frame')).rejects.toThrow('none')
    there = true
    expect(await post('id', 'frame')).toBe(200)
  })
})

describe('TLS', () => {
  const [local, address, other] = [selfSigned('localhost'), selfSigned('127.0.0.1'), selfSigned('localhost')]

  async function posterOver(host: string, certificate: Certificate, ca?: string) {
    const seen: { servername: string | false | null; reused: boolean }[] = []
    const peer = await startPeer((_, socket) => {
      if (socket instanceof TLSSocket) seen.push({ servername: socket.servername, reused: socket.isSessionReused() })
      socket.end(reply(200))
    }, certificate)
    peers.push(peer)
    const post = poster({
      endpoint: `https://${host}:${peer.port}/chat`,
      region: 'us-east-1',
      credentials: async () => credentials,
      now: Date.now,
      ...(ca !== undefined && { ca }),
    })
    return { peer, post, seen }
  }

  test('names the host, and what one handshake settled is used in the next', async () => {
    const { peer, post, seen } = await posterOver('localhost', local, local.cert)
    for (let count = 1; count <= 2; count++) {
      expect(await post('id', 'frame')).toBe(200)
      const socket = peer.sockets.at(-1)
      if (socket && !socket.closed) await once(socket, 'close')
    }
    expect(seen).toEqual([
      { servername: 'localhost', reused: false },
      { servername: 'localhost', reused: true },
    ])
  })

  test('an address is no name', async () => {
    const { post, seen } = await posterOver('127.0.0.1', address, address.cert)
    expect(await post('id', 'frame')).toBe(200)
    expect(seen).toEqual([{ servername: false, reused: false }])
  })

  test.each([
    ['that nobody vouches for', 'localhost', local, undefined],
    ['of somebody else', 'localhost', local, other.cert],
    ['for another host', '127.0.0.1', local, local.cert],
  ])('a certificate %s gets no post', async (_, host, certificate, ca) => {
    const { peer, post } = await posterOver(host, certificate, ca)
    expect(await post('id', 'frame')).toBe('lost')
    expect(peer.requests).toEqual([])
  })
})
