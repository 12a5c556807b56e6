import type { Credentials } from '../../lambdas/aws/credentials.ts'
import { closePeers, credentials, posterTo } from '../support/socket/posting.ts'
import { answering, reply } from '../support/socket/raw-peer.ts'

afterEach(closePeers)

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
