import { Refusal } from '../../lambdas/domain/errors.ts'
import { observedJob } from '../../lambdas/observe.ts'
import { broadcast } from '../../lambdas/push/broadcast.ts'
import { deliver } from '../../lambdas/push/deliver.ts'
import { connect } from '../../lambdas/routes/connect.ts'
import { disconnect } from '../../lambdas/routes/disconnect.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { send } from '../../lambdas/routes/send.ts'
import { limits } from '../../protocol/limits.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, eventOf, person } from '../support/memory/fixtures.ts'

const ana = person('ana')
const text = 'hello'
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  // Only the posts take time.
  jest.spyOn(app.clock, 'sleep').mockResolvedValue(undefined)
  await addRoom(app, 'r', { privacy: 'open' }, { 'user:ana': ['manager'] })
  for (const user of ['ana', 'ben', 'cem']) await addSession(app, 'r', person(user), `c-${user}`)
})

const valuesOf = (...figures: Parameters<typeof app.watch.valuesOf>[0][]) =>
  figures.map((figure) => app.watch.valuesOf(figure))
const postsOf = () =>
  app.watch.samples.filter(({ figure }) => figure === 'Posts').map(({ value, outcome }) => [outcome, value])

/** Makes each post take this long. */
function slowPosts(ms: number): void {
  const post = app.connections.post.bind(app.connections)
  jest.spyOn(app.connections, 'post').mockImplementationOnce(async (...args) => {
    app.clock.time += ms
    return post(...args)
  })
}

describe('a message', () => {
  it('counts its tries, its receivers, their posts and the time until the last of these', async () => {
    slowPosts(40)
    await call(app, send, { roomId: 'r', text })
    expect(valuesOf('AppendTries', 'Fanout', 'SendToHanded', 'SlowSends', 'Unended')).toEqual([[1], [2], [40], [0], []])
    expect(postsOf()).toEqual([['delivered', 2]])
  })

  it('is slow if its last post is made more than a second after it was stored', async () => {
    slowPosts(1001)
    await call(app, send, { roomId: 'r', text })
    expect(valuesOf('SendToHanded', 'SlowSends')).toEqual([[1001], [1]])
  })

  it('counts the receivers who are gone, and the sessions of these that cannot be ended', async () => {
    app.connections.setFault('c-ben', 'gone')
    jest.spyOn(app.sessions, 'end').mockRejectedValue(new Refusal('unavailable', 'Busy.'))
    await call(app, send, { roomId: 'r', text })
    expect(postsOf()).toEqual(
      expect.arrayContaining([
        ['gone', 1],
        ['delivered', 1],
      ]),
    )
    expect(valuesOf('Unended', 'Fanout')).toEqual([[1], [2]])
  })

  it('counts each position that another writer took first, also if it is given up', async () => {
    const taken = { seq: 1, sentAt: 1, from: { user: 'eve', name: 'Eve' }, body: { text: 'first' } }
    const put = jest.spyOn(app.messages, 'put').mockResolvedValueOnce(taken)
    await call(app, send, { roomId: 'r', text })
    put.mockImplementation(async (_, entry) => ({ ...taken, seq: entry.seq }))
    expect(await call(app, send, { roomId: 'r', text })).toMatchObject({ error: { code: 'unavailable' } })
    expect(valuesOf('AppendTries')).toEqual([[2, 8]])
  })

  it('that a retry posts again has no time and no receivers a second time', async () => {
    const frame = { roomId: 'r', text, clientMessageId: 'm', after: 0 }
    await call(app, send, frame)
    await call(app, send, frame)
    expect(valuesOf('SendToHanded', 'Fanout', 'AppendTries')).toEqual([[0], [2], [1]])
    expect(postsOf()).toHaveLength(2)
  })

  it('that is refused for its rate counts as such', async () => {
    app.rateLimits.rates = { room: { perSecond: 1, burst: 1 }, author: { perSecond: 1, burst: 1 } }
    await call(app, send, { roomId: 'r', text })
    await call(app, send, { roomId: 'r', text })
    expect(valuesOf('RateLimited', 'Refused', 'Internal', 'Requests')).toEqual([[1], [0, 1], [0, 0], [1, 1]])
  })

  it('that is removed is handed on like one that is sent', async () => {
    await call(app, send, { roomId: 'r', text }, person('ben'))
    app.watch.forget()
    await call(app, removeMessages, { roomId: 'r', seqs: [1] }, person('ana', { admin: true }))
    expect(valuesOf('AppendTries', 'Fanout', 'SendToHanded')).toEqual([[1], [3], [0]])
  })
})

describe('a connection', () => {
  const open = (connectionId: string) => connect(app, eventOf(app, '', ana, connectionId))

  it('counts when it is admitted', async () => {
    await open('a1')
    await app.suspensions.put({ user: 'ana', by: 'root', since: 1 })
    await open('a2')
    expect(valuesOf('Connections', 'Refused', 'Evicted')).toEqual([[1], [0, 1], []])
  })

  it('above the limit counts each one that it replaces', async () => {
    for (let nr = 0; nr < limits.connectionsPerUser; nr++) {
      app.clock.time++
      await open(`a${nr}`)
    }
    expect(valuesOf('Evicted')).toEqual([[1]])
  })

  it('whose end fails is an internal failure', async () => {
    jest.spyOn(app.sessions, 'close').mockRejectedValue(new TypeError('x'))
    await expect(disconnect(app, eventOf(app, '', ana, 'c-ana'))).rejects.toThrow(/^The request failed;/)
    expect(valuesOf('Internal', 'Refused', 'JobFailures')).toEqual([[1], [0], []])
    expect(app.logLines).toMatchObject([{ level: 'ERROR', verb: '$disconnect', outcome: 'internal' }])
  })
})

describe('a large room', () => {
  const store = async (...sentAt: number[]) => {
    for (const [at, time] of sentAt.entries()) {
      const from = { user: 'ana', name: 'Ana' }
      await app.messages.put('r', { seq: at + 1, sentAt: time, from, body: { text }, broadcast: 'c-ana' })
    }
  }
  const records = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ sequenceNumber: `s${at}`, roomId: 'r', seq: at + 1, readable: true }))
  const ports = (start: () => Promise<void>) => ({
    ...app,
    workers: { start },
    undelivered: { keep: async () => {} },
    postsPerSecond: 8000,
  })

  it('counts in each part how long ago each message was stored, never less than nothing', async () => {
    await store(app.clock.time - 1500, app.clock.time + 20)
    await deliver(app, { roomId: 'r', first: 1, last: 2, part: {} })
    expect(valuesOf('SendToHanded', 'SlowSends', 'Fanout')).toEqual([[1500, 0], [1, 0], []])
    expect(postsOf()).toEqual([['delivered', 3]])
  })

  it('counts the receivers of each message where the parts are made', async () => {
    await store(app.clock.time, app.clock.time)
    const size = { connections: 900, participants: 900, crowded: true, large: true, bounds: ['c-ben'] }
    await app.sessions.noteCrowd('r', { ...size, countedAt: app.clock.time }, undefined)
    await broadcast(
      ports(async () => {}),
      records(2),
    )
    expect(valuesOf('Fanout', 'SendToHanded', 'JobFailures')).toEqual([[900, 900], [], []])
  })

  it('counts the receivers itself where one part is enough', async () => {
    await store(app.clock.time)
    await broadcast(
      ports(async () => {}),
      records(1),
    )
    expect(valuesOf('Fanout', 'SendToHanded')).toEqual([[3], [0]])
  })

  it('that cannot be handed on is a failed step', async () => {
    await store(app.clock.time)
    jest.spyOn(app.sessions, 'crowd').mockRejectedValue(new Error('x'))
    await observedJob(app, { verb: 'broadcast' }, () =>
      broadcast(
        ports(async () => {}),
        records(1),
      ),
    )
    expect(valuesOf('JobFailures', 'Internal')).toEqual([[1], [0]])
  })
})
