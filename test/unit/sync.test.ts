import { leave } from '../../lambdas/routes/leave.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, connect, person } from '../support/memory/fixtures.ts'

const ana = person('ana')
const bob = person('bob')

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { privacy: 'open' })
  await addRoom(app, 's', { privacy: 'secret' })
  await connect(app, ana, 'a1')
})

const syncRooms = (rooms: Record<string, number>, caller = ana, connectionId = 'a1') =>
  call(app, sync, { action: 'sync', rooms }, caller, connectionId)

describe('the rooms without a session of the connection', () => {
  it('are returned in the order of the request', async () => {
    await addSession(app, 'r', ana, 'a1')
    expect(await syncRooms({ gone: 3, r: 0, s: 1, nowhere: 0 })).toMatchObject({ notJoined: ['gone', 's', 'nowhere'] })
  })

  it('are omitted if there are none', async () => {
    await addSession(app, 'r', ana, 'a1')
    expect(await syncRooms({ r: 0 })).toEqual({ ok: true, rooms: {} })
    expect(await syncRooms({})).toEqual({ ok: true, rooms: {} })
  })

  it('do not reveal whether a room exists, is secret or has new messages', async () => {
    expect(await syncRooms({ s: 0, 'no such room': 0 })).toEqual({
      ok: true,
      rooms: {},
      notJoined: ['s', 'no such room'],
    })
  })

  it('do not depend on other connections', async () => {
    await addSession(app, 'r', ana, 'a2')
    await addSession(app, 'r', bob, 'b1')
    expect(await syncRooms({ r: 0 })).toMatchObject({ notJoined: ['r'] })
    expect(await syncRooms({ r: 0 }, ana, 'a2')).not.toHaveProperty('notJoined')
  })

  it('include rooms that the user has left and rooms whose session was ended', async () => {
    await addRoom(app, 't', { privacy: 'open' })
    for (const roomId of ['r', 't']) await addSession(app, roomId, ana, 'a1')
    await call(app, leave, { action: 'leave', roomId: 'r' }, ana, 'a1')
    expect(await syncRooms({ r: 0, t: 0 })).toMatchObject({ notJoined: ['r'] })
    await app.sessions.end('t', 'a1')
    expect(await syncRooms({ r: 0, t: 0 })).toMatchObject({ notJoined: ['r', 't'] })
  })

  it('do not include rooms with a pending join, which receive pushes already', async () => {
    const session = await addSession(app, 'r', ana, 'a2')
    await app.sessions.join({ ...session, connectionId: 'a1', confirmed: false }, 100)
    expect(await syncRooms({ r: 0 })).not.toHaveProperty('notJoined')
  })

  it('cause one read for any number of rooms, and none for an empty request', async () => {
    const reads = jest.spyOn(app.sessions, 'roomsOf')
    await syncRooms({})
    expect(reads).toHaveBeenCalledTimes(0)
    await syncRooms(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`room ${at}`, 0])))
    expect(reads).toHaveBeenCalledTimes(1)
  })
})
