import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import type { PostStatus } from '../../lambdas/aws/post-to-connection.ts'
import { closePeers, posterTo } from '../support/socket/posting.ts'
import { answering, type Behaviour, type Peer, reply } from '../support/socket/raw-peer.ts'

afterEach(closePeers)

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
    const { post } = await posterTo(answering(200))
    await closePeers()
    expect(await post('id', 'frame')).toBe('lost')
  })

  test('they do not keep a process alive', async () => {
    const { peer } = await posterTo(answering(200))
    const program = `import { postClient } from './lambdas/aws/post-to-connection.ts'
      const options = { endpoint: 'http://127.0.0.1:${peer.port}', region: 'r', now: Date.now, deadlineMs: 1500 }
      const post = postClient({ ...options, credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }) })
      console.log(await Promise.all([post('one', 'frame'), post('two', 'frame')]))`
    const run = [process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]] as const
    const { stdout } = await promisify(execFile)(...run)
    expect(stdout.trim()).toBe('[ 200, 200 ]')
    expect(peer.sockets).toHaveLength(2)
  })
})

describe('time', () => {
  test('whoever never answers is late, and its socket is given up', async () => {
    const { peer, post } = await posterTo(() => {}, { deadlineMs: 500 })
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
    const live: Promise<PostStatus>[] = []
    const hanging: Promise<PostStatus>[] = []
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
