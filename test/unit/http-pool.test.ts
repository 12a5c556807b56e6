import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import type { PostStatus } from '../../lambdas/aws/post-to-connection.ts'
import { closeServers, posterTo } from '../support/socket/posting.ts'
import { answering, type Behaviour, type RawServer, reply } from '../support/socket/raw-server.ts'

afterEach(closeServers)

const turns = ({ requests }: RawServer) => requests.map(({ connection, turn }) => `${connection}.${turn}`)

describe('the HTTP pool', () => {
  test('uses one socket for consecutive posts', async () => {
    const { server, post } = await posterTo(answering(200))
    for (let count = 0; count < 5; count++) expect(await post(`id${count}`, 'frame')).toBe(200)
    expect(turns(server)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5'])
  })

  test('uses one socket for each concurrent post up to the limit, and makes the others wait', async () => {
    const held: (() => void)[] = []
    let resolveAllHeld = () => {}
    const allHeld = new Promise<void>((resolve) => {
      resolveAllHeld = resolve
    })
    const hold: Behaviour = (_, socket) => {
      if (held.push(() => socket.write(reply(200))) === 3) resolveAllHeld()
    }
    const { server, post } = await posterTo(hold, { sockets: 3 })
    const posts = Array.from({ length: 7 }, (_, count) => post(`id${count}`, 'frame'))
    await allHeld
    expect(server.requests).toHaveLength(3)
    const release = setInterval(() => held.shift()?.(), 1)
    expect(await Promise.all(posts)).toEqual(Array(7).fill(200))
    clearInterval(release)
    expect(server.sockets).toHaveLength(3)
    expect(server.requests.map(({ path }) => path.slice(-3)).sort()).toEqual([
      'id0',
      'id1',
      'id2',
      'id3',
      'id4',
      'id5',
      'id6',
    ])
  })

  test('loses no post if the server closes an idle socket', async () => {
    const { server, post } = await posterTo((_, socket) => socket.end(reply(200)))
    expect(await post('one', 'frame')).toBe(200)
    const [first] = server.sockets
    if (first && !first.closed) await once(first, 'close')
    expect(await post('two', 'frame')).toBe(200)
    expect(server.sockets).toHaveLength(2)
  })

  test('repeats a post on a new socket if its idle socket is dead', async () => {
    const { server, post } = await posterTo((request, socket) => {
      if (request.turn === 1) socket.write(reply(200))
      else socket.destroy()
    })
    expect(await post('one', 'frame')).toBe(200)
    expect(await post('two', 'frame')).toBe(200)
    expect(turns(server)).toEqual(['1.1', '1.2', '2.1'])
  })

  test('loses no post on a hundred dead idle sockets', async () => {
    const { server, post } = await posterTo((request, socket) => {
      if (request.turn === 1) socket.write(reply(200))
      else socket.destroy()
    })
    const postAll = () => Promise.all(Array.from({ length: 100 }, (_, count) => post(`id${count}`, 'frame')))
    await postAll()
    expect(await postAll()).toEqual(Array(100).fill(200))
    expect(new Set(server.requests.slice(100).map(({ path }) => path)).size).toBe(100)
  })

  test('loses a post on a new socket that dies, because the post could have arrived', async () => {
    const { server, post } = await posterTo((_, socket) => socket.destroy())
    expect(await post('one', 'frame')).toBe('lost')
    expect(server.requests).toHaveLength(1)
  })

  test('loses a post with an incomplete response', async () => {
    const { server, post } = await posterTo((request, socket) => {
      if (request.turn === 1) socket.write(reply(200))
      else socket.end('HTTP/1.1 200 OK\r\n')
    })
    expect(await post('one', 'frame')).toBe(200)
    expect(await post('two', 'frame')).toBe('lost')
    expect(server.requests).toHaveLength(2)
  })

  test('does not use a socket again that was idle for long', async () => {
    let now = 0
    const { server, post } = await posterTo(answering(200), { now: () => now })
    await post('one', 'frame')
    now += 19_999
    await post('two', 'frame')
    now += 20_000
    await post('three', 'frame')
    expect(turns(server)).toEqual(['1.1', '1.2', '2.1'])
  })

  test('loses a post to a closed port', async () => {
    const { post } = await posterTo(answering(200))
    await closeServers()
    expect(await post('id', 'frame')).toBe('lost')
  })

  test('does not keep a process alive', async () => {
    const { server } = await posterTo(answering(200))
    const program = `import { postClient } from './lambdas/aws/post-to-connection.ts'
      const options = { endpoint: 'http://127.0.0.1:${server.port}', region: 'r', now: Date.now, deadlineMs: 1500 }
      const post = postClient({ ...options, credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }) })
      console.log(await Promise.all([post('one', 'frame'), post('two', 'frame')]))`
    const run = [process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]] as const
    const { stdout } = await promisify(execFile)(...run)
    expect(stdout.trim()).toBe('[ 200, 200 ]')
    expect(server.sockets).toHaveLength(2)
  })
})

describe('the deadline of a post', () => {
  test('makes it late without a response and closes its socket', async () => {
    const { server, post } = await posterTo(() => {}, { deadlineMs: 500 })
    expect(await post('id', 'frame')).toBe('late')
    const [socket] = server.sockets
    if (socket && !socket.closed) await once(socket, 'close')
    expect(server.requests).toHaveLength(1)
  })

  test('makes it late with an incomplete response', async () => {
    const { post } = await posterTo((_, socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), {
      deadlineMs: 20,
    })
    expect(await post('id', 'frame')).toBe('late')
  })

  test('includes its second try', async () => {
    const { server, post } = await posterTo(
      (request, socket) => {
        if (request.turn === 2) socket.destroy()
        if (request.connection === 1 && request.turn === 1) socket.write(reply(200))
      },
      { deadlineMs: 500 },
    )
    expect(await post('one', 'frame')).toBe(200)
    expect(await post('two', 'frame')).toBe('late')
    expect(turns(server)).toEqual(['1.1', '1.2', '2.1'])
  })

  test('starts when it gets a socket', async () => {
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

  test('does not delay others: of 2,000 posts, all that do not hang end while the others hang', async () => {
    const hangs = (count: number) => count % 50 === 0
    let ending = false
    const { server, post } = await posterTo(
      ({ path }, socket) => {
        if (!hangs(Number(path.split('/').at(-1)))) socket.write(reply(200))
        else if (ending) socket.destroy()
      },
      { sockets: 100, deadlineMs: 60_000 },
    )
    const live: Promise<PostStatus>[] = []
    const hanging: Promise<PostStatus>[] = []
    for (let count = 0; count < 2000; count++) (hangs(count) ? hanging : live).push(post(String(count), 'frame'))
    let ended = 0
    for (const post of hanging) void post.then(() => ended++)
    expect(new Set(await Promise.all(live))).toEqual(new Set([200]))
    expect([live.length, hanging.length, ended]).toEqual([1960, 40, 0])
    ending = true
    for (const socket of server.sockets) socket.destroy()
    expect(new Set(await Promise.all(hanging))).toEqual(new Set(['lost']))
  })
})
