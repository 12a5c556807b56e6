import type { SocketEvent } from '../../lambdas/aws/socket-event.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { connect, eventOf, person } from '../support/memory/scene.ts'

const minute = 60_000
const ana = person('ana')

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await connect(app, ana, 'a1')
})

/** A sign of life on a connection of this age. */
async function beat(age: number): Promise<void> {
  const { requestContext, ...event } = eventOf(app, { action: 'sync', rooms: {} }, ana, 'a1')
  const aged: SocketEvent = { ...event, requestContext: { ...requestContext, connectedAt: app.clock.now() - age } }
  expect(JSON.parse((await sync(app, aged)).body ?? '')).toMatchObject({ ok: true, rooms: {} })
}

it('hears nothing of its age before 110 minutes', async () => {
  await beat(0)
  await beat(110 * minute)
  expect(app.connections.tried).toEqual([])
})

it('is asked to move in the time that is left, at any moment of it', async () => {
  for (const chance of [0, 0.5, 0.999]) {
    app.clock.chance = chance
    await beat(111 * minute)
  }
  const told = app.connections.pushes('a1')
  expect(told).toMatchObject(Array(3).fill({ type: 'goaway', reason: 'age' }))
  expect(told.map(({ reconnectInMs }) => reconnectInMs)).toEqual([0, 4 * minute, 0.999 * 8 * minute])
})

it('is asked once for each sign of life, and to move at once in the last minute', async () => {
  app.clock.chance = 0.7
  await beat(119.5 * minute)
  expect(app.connections.pushes('a1')).toEqual([{ type: 'goaway', reason: 'age', reconnectInMs: 0 }])
})

it('is answered although nobody can be told', async () => {
  app.connections.mark('a1', 'gone')
  await beat(115 * minute)
  expect(app.connections.tried).toEqual(['a1'])
})
