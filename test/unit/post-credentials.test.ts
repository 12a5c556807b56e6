import type { Credentials } from '../../lambdas/aws/credentials.ts'
import { closeServers, credentials, posterTo } from '../support/socket/posting.ts'
import { answering, reply } from '../support/socket/raw-server.ts'

afterEach(closeServers)

describe('credentials', () => {
  const keyOf = ({ headers }: { headers: Record<string, string> }) =>
    /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]
  const refusal = (message: string, type: string) =>
    reply(403, JSON.stringify({ message }), `x-amzn-ErrorType: ${type}\r\n`)
  const expired = refusal('The security token included in the request is expired', 'ExpiredTokenException')

  /** Returns another key on each call. */
  function provider(lastsMs?: number, now = Date.now) {
    let calls = 0
    const provide = async (): Promise<Credentials> => ({
      ...credentials,
      accessKeyId: `key${++calls}`,
      ...(lastsMs !== undefined && { expiration: new Date(now() + lastsMs) }),
    })
    return { credentials: provide, calls: () => calls }
  }

  test('are loaded once, also for many posts at once', async () => {
    const { credentials, calls } = provider()
    const { post } = await posterTo(answering(200), { credentials })
    await Promise.all(Array.from({ length: 20 }, () => post('id', 'frame')))
    await post('id', 'frame')
    expect(calls()).toBe(1)
  })

  test('are renewed in the middle of a broadcast, a minute before they expire', async () => {
    let now = 1_700_000_000_000
    const { credentials, calls } = provider(3_600_000, () => now)
    const { server, post } = await posterTo(answering(200), { credentials, now: () => now })
    const broadcast = () => Promise.all(Array.from({ length: 10 }, () => post('id', 'frame')))
    await broadcast()
    now += 3_539_999
    await broadcast()
    expect(calls()).toBe(1)
    now += 1
    await broadcast()
    expect(calls()).toBe(2)
    expect(server.requests.map(keyOf)).toEqual([...Array(20).fill('key1'), ...Array(10).fill('key2')])
  })

  test('that expire soon are loaded once a second, not for each post', async () => {
    let now = 1_700_000_000_000
    const { credentials, calls } = provider(10, () => now)
    const { post } = await posterTo(answering(200), { credentials, now: () => now })
    for (let count = 0; count < 5; count++) await post('id', 'frame')
    expect(calls()).toBe(1)
    now += 1000
    await post('id', 'frame')
    expect(calls()).toBe(2)
  })

  test.each([
    ['expired', expired],
    ['invalid', refusal('The security token included in the request is invalid.', 'UnrecognizedClientException')],
    [
      'expired according to the body',
      reply(403, '{"message":"The security token included in the request is expired"}'),
    ],
  ])('with a token that is %s are renewed once for all posts, and each post is repeated', async (_, refused) => {
    const { credentials, calls } = provider()
    const { server, post } = await posterTo(
      (request, socket) => socket.write(keyOf(request) === 'key1' ? refused : reply(200)),
      { credentials },
    )
    const posts = Array.from({ length: 50 }, (_, count) => post(`id${count}`, 'frame'))
    expect(await Promise.all(posts)).toEqual(Array(50).fill(200))
    expect(calls()).toBe(2)
    expect(server.requests).toHaveLength(100)
  })

  test('that are refused again are not renewed a second time', async () => {
    const { credentials, calls } = provider()
    const { server, post } = await posterTo((_, socket) => socket.write(expired), { credentials })
    expect(await post('id', 'frame')).toBe(403)
    expect([calls(), server.requests.length]).toEqual([2, 2])
  })

  test('without the right to post are not renewed', async () => {
    const denied = refusal('User: arn:aws:sts::1:assumed-role/x is not authorized to perform: y', 'ForbiddenException')
    const { credentials, calls } = provider()
    const { server, post } = await posterTo((_, socket) => socket.write(denied), { credentials })
    expect(await post('id', 'frame')).toBe(403)
    expect([calls(), server.requests.length]).toEqual([1, 1])
  })

  test('that cannot be loaded fail the post and are loaded again for the next one', async () => {
    let available = false
    const { post } = await posterTo(answering(200), {
      credentials: async () => {
        if (available) return credentials
        throw new Error('none')
      },
    })
    await expect(post('id', 'frame')).rejects.toThrow('none')
    available = true
    expect(await post('id', 'frame')).toBe(200)
  })
})
