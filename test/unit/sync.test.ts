import { leave } from '../../lambdas/routes/leave.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, connect, furnish, person, seat } from '../support/memory/scene.ts'

const ana = person('ana')
const bob = person('bob')

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', { privacy: 'open' })
  await furnish(app, 's', { privacy: 'secret' })
  await connect(app, ana, 'a1')
})

const asked = (rooms: Record<string, number>, caller = ana, connectionId = 'a1') =>
  call(app, sync, { action: 'sync', rooms }, caller, connectionId)

describe('the rooms in which a connection has no session', () => {
  it('are named, in the order in which they were asked for', async () => {
    await seat(app, 'r', ana, 'a1')
    expect(await asked({ gone: 3, r: 0, s: 1, nowhere: 0 })).toMatchObject({ notJoined: ['gone', 's', 'nowhere'] })
  })

  it('are left out where there are none', async () => {
    await seat(app, 'r', ana, 'a1')
    expect(await asked({ r: 0 })).toEqual({ ok: true, rooms: {} })
    expect(await asked({})).toEqual({ ok: true, rooms: {} })
  })

  it('are the same whether there is such a room, whether it is a secret, and whether it moved', async () => {
    expect(await asked({ s: 0, 'no such room': 0 })).toEqual({ ok: true, rooms: {}, notJoined: ['s', 'no such room'] })
  })

  it('are those of this connection alone', async () => {
    await seat(app, 'r', ana, 'a2')
    await seat(app, 'r', bob, 'b1')
    expect(await asked({ r: 0 })).toMatchObject({ notJoined: ['r'] })
    expect(await asked({ r: 0 }, ana, 'a2')).not.toHaveProperty('notJoined')
  })

  it('are those that were left, and those whose session ended behind its back', async () => {
    await furnish(app, 't', { privacy: 'open' })
    for (const roomId of ['r', 't']) await seat(app, roomId, ana, 'a1')
    await call(app, leave, { action: 'leave', roomId: 'r' }, ana, 'a1')
    expect(await asked({ r: 0, t: 0 })).toMatchObject({ notJoined: ['r'] })
    await app.sessions.end('t', 'a1')
    expect(await asked({ r: 0, t: 0 })).toMatchObject({ notJoined: ['r', 't'] })
  })

  it('are none of those where a join is under way, for it hears what is said already', async () => {
    const session = await seat(app, 'r', ana, 'a2')
    await app.sessions.join({ ...session, connectionId: 'a1', confirmed: false }, 100)
    expect(await asked({ r: 0 })).not.toHaveProperty('notJoined')
  })

  it('cost one reading, however many there are, and none where none is asked for', async () => {
    const reading = jest.spyOn(app.sessions, 'roomsOf')
    await asked({})
    expect(reading).toHaveBeenCalledTimes(0)
    await asked(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`room ${at}`, 0])))
    expect(reading).toHaveBeenCalledTimes(1)
  })
})
