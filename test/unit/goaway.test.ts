import type { SocketEvent } from '../../lambdas/aws/socket-event.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { connect, eventOf, person } from '../support/memory/fixtures.ts'

const minute = 60_000
const ana = person('ana')

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await connect(app, ana, 'a1')
})

/** Sends `sync` on a connection of this age. */
async function syncAt(age: number): Promise<void> {
  const { requestContext, ...event } = eventOf(app, { action: 'sync', rooms: {} }, ana, 'a1')
  const aged: SocketEvent = { ...event, requestContext: { ...requestContext, connectedAt: app.clock.now() - age } }
  expect(JSON.parse((await sync(app, aged)).body ?? '')).toMatchObject({ ok: true, rooms: {} })
}

it('a connection gets no push before it is 110 minutes old', async () => {
  await syncAt(0)
  await syncAt(110 * minute)
  expect(app.connections.posted).toEqual([])
})

it('an older connection gets a push with a random time within its remaining minutes', async () => {
  for (const chance of [0, 0.5, 0.999]) {
    app.clock.chance = chance
    await syncAt(111 * minute)
  }
  const pushes = app.connections.pushes('a1')
  expect(pushes).toMatchObject(Array(3).fill({ type: 'goaway', reason: 'age' }))
  expect(pushes.map(({ reconnectInMs }) => reconnectInMs)).toEqual([0, 4 * minute, 0.999 * 8 * minute])
})

it('a connection in its last minute gets a push to reconnect at once', async () => {
  app.clock.chance = 0.7
  await syncAt(119.5 * minute)
  expect(app.connections.pushes('a1')).toEqual([{ type: 'goaway', reason: 'age', reconnectInMs: 0 }])
})

it('a request gets its reply even if the push fails', async () => {
  app.connections.setFault('a1', 'gone')
  await syncAt(115 * minute)
  expect(app.connections.posted).toEqual(['a1'])
})
