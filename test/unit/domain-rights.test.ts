import { loadAccess, requireModerator } from '../../lambdas/domain/access/access.ts'
import { invitationsAfter } from '../../lambdas/domain/access/invitations.ts'
import { newestPage, pageAfter, pageBefore } from '../../lambdas/domain/log/pages.ts'
import { isRemovable, removableAt } from '../../lambdas/domain/log/removals.ts'
import { keepOriginals } from '../../lambdas/domain/record/record.ts'
import { deleteRoom } from '../../lambdas/domain/rooms/room-changes.ts'
import { counted, isOld, noteIfChanged, partsOf } from '../../lambdas/domain/sessions/crowd.ts'
import { rightsOf, sameRights } from '../../lambdas/domain/sessions/join.ts'
import { receiversOf } from '../../lambdas/push/invitations.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, categoryOf, connect, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
const root = person('root', { admin: true })
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', {}, { 'user:ana': ['member', 'manager'] })
  await addRoom(app, 'secret', { privacy: 'secret' })
})

describe('an action of administrators', () => {
  it('is refused to others, who cannot learn whether a hidden room exists', async () => {
    expect(await requireModerator(app, 'secret', root)).toBeUndefined()
    expect(await refusal(requireModerator(app, 'r', ana))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(requireModerator(app, 'secret', ana))).toMatchObject({ code: 'not_found' })
    expect(await refusal(requireModerator(app, 'none', root))).toMatchObject({ code: 'not_found' })
    expect(await refusal(deleteRoom(app, ana, 'r'))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(deleteRoom(app, ana, 'secret'))).toMatchObject({ code: 'not_found' })
    expect(await app.rooms.find('r')).toBeDefined()
  })

  it('fails if the room changes concurrently or does not exist', async () => {
    jest.spyOn(app.rooms, 'remove').mockResolvedValueOnce('stale')
    expect(await refusal(deleteRoom(app, root, 'r'))).toMatchObject({ code: 'conflict', details: { version: 1 } })
    expect(await refusal(deleteRoom(app, root, 'none'))).toMatchObject({ code: 'not_found' })
    await deleteRoom(app, root, 'r')
    expect(await app.rooms.find('r')).toBeUndefined()
  })
})

describe('a removal', () => {
  it('removes messages, but not position 0, removals or removed messages', () => {
    const entry = { seq: 1, sentAt: 1 }
    expect(isRemovable(entry)).toBe(true)
    expect(isRemovable({ ...entry, seq: 0 })).toBe(false)
    expect(isRemovable({ ...entry, removes: [] })).toBe(false)
    expect(isRemovable({ ...entry, removed: { by: 'x', at: 1 } })).toBe(false)
  })

  it('reads each position above the floor once, in order', async () => {
    for (let seq = 1; seq <= 5; seq++) await app.messages.put('r', { seq, sentAt: seq, body: { text: 'x' } })
    app.messages.purge('r', 2)
    const find = jest.spyOn(app.messages, 'find')
    expect(await removableAt(app.messages, 'r', [5, 3, 3, 2, 1, 0, 9])).toEqual([2, 3, 5])
    expect(find.mock.calls[0]?.[1]).toEqual([5, 3, 2, 1, 0, 9])
  })

  it('records the original messages', async () => {
    const from = { user: 'ana', name: 'Ana' }
    await app.messages.put('r', { seq: 1, sentAt: 7, from, body: { text: 'x', title: 'T' } })
    await app.messages.put('r', { seq: 2, sentAt: 8 })
    await keepOriginals(app, 'r', [1, 2], 'root')
    const lines = await app.records.read('r', { from: app.clock.now(), to: app.clock.now() }, '', 9)
    expect(lines.map(({ event, by, details }) => ({ event, by, details }))).toStrictEqual([
      { event: 'removed', by: 'root', details: { seq: 1, sentAt: 7, author: 'ana', text: 'x', title: 'T' } },
      { event: 'removed', by: 'root', details: { seq: 2, sentAt: 8 } },
    ])
  })
})

describe('an invitation', () => {
  it('is pushed to the connections of its user that may see the room', async () => {
    app.categories.put(categoryOf('c', { denied: ['group:out'] }))
    await addRoom(app, 'c', { categoryId: 'c', privacy: 'secret' }, { 'user:ben': ['member'] })
    const ben = person('ben')
    await connect(app, ben, 'b1')
    await connect(app, person('ben', { groups: ['out'] }), 'b2')
    await connect(app, person('eve'), 'e1')
    const invitation = { invitationId: 1, user: 'ben', roomId: 'c', createdAt: 1 }
    expect(await receiversOf(app, invitation, app.clock.now())).toEqual(['b1'])
    expect(await receiversOf(app, invitation, app.clock.now() + 10_000_000)).toEqual([])
    expect(await receiversOf(app, { ...invitation, roomId: 'none' }, app.clock.now())).toEqual([])
    const admin = { ...invitation, roomId: 'secret' }
    expect(await receiversOf(app, admin, app.clock.now())).toEqual([])
  })

  it('is listed with its room if the user may see it, and the list has its last number', async () => {
    for (const roomId of ['r', 'secret']) {
      await app.roles.invite(roomId, { role: 'member', principal: 'user:ben', createdAt: 5, createdBy: 'x' })
    }
    app.roles.take('secret', 'member', 'user:ben')
    const { shown, last } = await invitationsAfter(app, person('ben'), 0)
    expect(shown.map(({ room }) => room.roomId)).toEqual(['r'])
    expect(last).toBeGreaterThan(shown[0]?.invitation.invitationId ?? 0)
    expect(await invitationsAfter(app, person('ben'), last)).toEqual({ shown: [], last })
  })
})

describe('the rights of a session', () => {
  const rights = { canChat: true, isManager: true, isPresenter: true, logged: true }

  it('are those of the access to the room', async () => {
    const access = await loadAccess(app, 'r', ana)
    expect(access && rightsOf(access)).toEqual({ canChat: true, isManager: true, isPresenter: false, logged: true })
  })

  it.each(['canChat', 'isManager', 'isPresenter', 'logged'] as const)('differ if %s does', (right) => {
    expect(sameRights(rights, { ...rights })).toBe(true)
    expect(sameRights(rights, { ...rights, [right]: false })).toBe(false)
  })
})

describe('the count of a room', () => {
  const roster = (count: number) =>
    Array.from({ length: count }, (_, nr) => ({ connectionId: String(count - nr).padStart(4, '0'), user: `u${nr}` }))

  it('is old after ten seconds', () => {
    const crowd = counted([], undefined, 5000)
    expect([5000, 15_000, 15_001].map((now) => isOld(crowd, now))).toEqual([false, false, true])
  })

  it('contains the number of connections and the bounds of the parts of the roster', () => {
    const crowd = counted(roster(2400), undefined, 1)
    expect(crowd).toMatchObject({ connections: 2400, participants: 2400, crowded: true, large: true })
    const parts = partsOf(crowd)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts[0]).toStrictEqual({ below: crowd.bounds[0] })
    expect(parts.at(-1)).toStrictEqual({ from: crowd.bounds.at(-1) })
    const ids = roster(2400).map(({ connectionId }) => connectionId)
    const inPart = parts.map(({ from = '', below = '~' }) => ids.filter((id) => id >= from && id < below).length)
    expect(inPart.reduce((sum, each) => sum + each, 0)).toBe(2400)
    expect(Math.max(...inPart) - Math.min(...inPart)).toBeLessThanOrEqual(1)
    expect(counted(roster(1), undefined, 1).bounds).toEqual([])
    expect(partsOf({ bounds: [] })).toStrictEqual([{}])
  })

  it('is stored only if it changes', async () => {
    const write = jest.spyOn(app.sessions, 'noteCrowd')
    await noteIfChanged(app.sessions, app.clock, 'r', roster(75), undefined)
    expect(write).not.toHaveBeenCalled()
    const crowd = await noteIfChanged(app.sessions, app.clock, 'r', roster(76), undefined)
    expect(crowd).toMatchObject({ crowded: true, large: false, countedAt: app.clock.now() })
    await noteIfChanged(app.sessions, app.clock, 'r', roster(76), crowd)
    expect(write).toHaveBeenCalledTimes(1)
    const later = await noteIfChanged(app.sessions, app.clock, 'r', roster(10), {
      ...crowd,
      countedAt: app.clock.now() + 50,
    })
    expect(later).toMatchObject({ crowded: false, countedAt: app.clock.now() + 51 })
    expect(write).toHaveBeenLastCalledWith('r', later, app.clock.now() + 50)
  })
})

describe('a page of a log', () => {
  beforeEach(async () => {
    for (let seq = 1; seq <= 4; seq++) await app.messages.put('r', { seq, sentAt: seq, body: { text: 'x' } })
  })

  it('before a position contains the head', async () => {
    expect(await pageBefore(app.messages, 'r', 3, 1)).toMatchObject({ entries: [{ seq: 2 }], head: 4, complete: false })
    expect(await pageBefore(app.messages, 'r', 99, 9)).toMatchObject({ head: 4, floor: 1, complete: true })
    expect(await pageBefore(app.messages, 'r', 1, 9)).toMatchObject({ entries: [], head: 4, complete: true })
    expect(await pageBefore(app.messages, 'r', 99, 0)).toMatchObject({ entries: [], head: 4, complete: false })
    expect(await pageBefore(app.messages, 'none', 5, 9)).toMatchObject({
      entries: [],
      head: 0,
      floor: 1,
      complete: true,
    })
  })

  it('at the end causes no read of the head', async () => {
    const head = jest.spyOn(app.messages, 'head')
    expect(await newestPage(app.messages, 'r', 2)).toMatchObject({ entries: [{ seq: 3 }, { seq: 4 }], head: 4 })
    expect(head).not.toHaveBeenCalled()
  })

  it('without entries is not complete if there are earlier entries', async () => {
    app.messages.purge('r', 4)
    expect(await newestPage(app.messages, 'r', 0)).toMatchObject({ entries: [], head: 4, floor: 4, complete: false })
    expect(await pageBefore(app.messages, 'r', 5, 0)).toMatchObject({ head: 4, complete: false })
    expect(await pageBefore(app.messages, 'r', 4, 0)).toMatchObject({ head: 4, complete: true })
  })

  it('from the start is refused if a concurrent purge has made a gap', async () => {
    app.messages.purge('r', 3)
    jest.spyOn(app.messages, 'floor').mockResolvedValueOnce(1)
    expect(await refusal(pageAfter(app.messages, 'r', 0, 9))).toMatchObject({
      code: 'resync_required',
      details: { head: 4, floor: 3 },
    })
  })

  it('after a position causes a read of the head only if it ends before the head', async () => {
    const head = jest.spyOn(app.messages, 'head')
    expect(await pageAfter(app.messages, 'r', 2, 2)).toMatchObject({ head: 4, complete: true })
    expect(head).not.toHaveBeenCalled()
    expect(await pageAfter(app.messages, 'r', 1, 2)).toMatchObject({ entries: [{}, {}], head: 4, complete: false })
    expect(head).toHaveBeenCalledTimes(1)
  })
})
