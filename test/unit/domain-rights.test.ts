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
import { categoryOf, connect, furnish, person } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
const root = person('root', { admin: true })
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', {}, { 'user:ana': ['member', 'manager'] })
  await furnish(app, 'secret', { privacy: 'secret' })
})

describe('what an administrator alone may do', () => {
  it('is refused to others, and of a room that they do not see it is not even said', async () => {
    expect(await requireModerator(app, 'secret', root)).toBeUndefined()
    expect(await refusal(requireModerator(app, 'r', ana))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(requireModerator(app, 'secret', ana))).toMatchObject({ code: 'not_found' })
    expect(await refusal(requireModerator(app, 'none', root))).toMatchObject({ code: 'not_found' })
    expect(await refusal(deleteRoom(app, ana, 'r'))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(deleteRoom(app, ana, 'secret'))).toMatchObject({ code: 'not_found' })
    expect(await app.rooms.find('r')).toBeDefined()
  })

  it('meets a room that changes at the same moment, or that is gone', async () => {
    jest.spyOn(app.rooms, 'remove').mockResolvedValueOnce('stale')
    expect(await refusal(deleteRoom(app, root, 'r'))).toMatchObject({ code: 'conflict', details: { version: 1 } })
    expect(await refusal(deleteRoom(app, root, 'none'))).toMatchObject({ code: 'not_found' })
    await deleteRoom(app, root, 'r')
    expect(await app.rooms.find('r')).toBeUndefined()
  })
})

describe('what is removed', () => {
  it('is a message, and no beginning, no removal and nothing twice', () => {
    const entry = { seq: 1, sentAt: 1 }
    expect(isRemovable(entry)).toBe(true)
    expect(isRemovable({ ...entry, seq: 0 })).toBe(false)
    expect(isRemovable({ ...entry, removes: [] })).toBe(false)
    expect(isRemovable({ ...entry, removed: { by: 'x', at: 1 } })).toBe(false)
  })

  it('is looked for at each place once, above the floor, in order', async () => {
    for (let seq = 1; seq <= 5; seq++) await app.messages.put('r', { seq, sentAt: seq, body: { text: 'x' } })
    app.messages.purge('r', 2)
    const find = jest.spyOn(app.messages, 'find')
    expect(await removableAt(app.messages, 'r', [5, 3, 3, 2, 1, 0, 9])).toEqual([2, 3, 5])
    expect(find.mock.calls[0]?.[1]).toEqual([5, 3, 2, 1, 0, 9])
  })

  it('stands in the record as it was said', async () => {
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
  it('goes to the connections of its user that hear, and may see the room', async () => {
    app.categories.put(categoryOf('c', { denied: ['group:out'] }))
    await furnish(app, 'c', { categoryId: 'c', privacy: 'secret' }, { 'user:ben': ['member'] })
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

  it('is listed with its room, as long as that may be seen, and tells how far the list goes', async () => {
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

  it('are those of the standing', async () => {
    const standing = await loadAccess(app, 'r', ana)
    expect(standing && rightsOf(standing)).toEqual({ canChat: true, isManager: true, isPresenter: false, logged: true })
  })

  it.each(['canChat', 'isManager', 'isPresenter', 'logged'] as const)('are others where %s is', (right) => {
    expect(sameRights(rights, { ...rights })).toBe(true)
    expect(sameRights(rights, { ...rights, [right]: false })).toBe(false)
  })
})

describe('a count of a room', () => {
  const roster = (count: number) =>
    Array.from({ length: count }, (_, nr) => ({ connectionId: String(count - nr).padStart(4, '0'), user: `u${nr}` }))

  it('is old after ten seconds', () => {
    const crowd = counted([], undefined, 5000)
    expect([5000, 15_000, 15_001].map((now) => isOld(crowd, now))).toEqual([false, false, true])
  })

  it('says how many there are, and where the parts of the roster begin', () => {
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

  it('is noted where it is news, and not where it is not', async () => {
    const note = jest.spyOn(app.sessions, 'noteCrowd')
    await noteIfChanged(app.sessions, app.clock, 'r', roster(75), undefined)
    expect(note).not.toHaveBeenCalled()
    const crowd = await noteIfChanged(app.sessions, app.clock, 'r', roster(76), undefined)
    expect(crowd).toMatchObject({ crowded: true, large: false, countedAt: app.clock.now() })
    await noteIfChanged(app.sessions, app.clock, 'r', roster(76), crowd)
    expect(note).toHaveBeenCalledTimes(1)
    const later = await noteIfChanged(app.sessions, app.clock, 'r', roster(10), {
      ...crowd,
      countedAt: app.clock.now() + 50,
    })
    expect(later).toMatchObject({ crowded: false, countedAt: app.clock.now() + 51 })
    expect(note).toHaveBeenLastCalledWith('r', later, app.clock.now() + 50)
  })
})

describe('a page of a log', () => {
  beforeEach(async () => {
    for (let seq = 1; seq <= 4; seq++) await app.messages.put('r', { seq, sentAt: seq, body: { text: 'x' } })
  })

  it('below a position knows the head, which its entries do not tell', async () => {
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

  it('at the end is the newest, and needs no look at the head', async () => {
    const head = jest.spyOn(app.messages, 'head')
    expect(await newestPage(app.messages, 'r', 2)).toMatchObject({ entries: [{ seq: 3 }, { seq: 4 }], head: 4 })
    expect(head).not.toHaveBeenCalled()
  })

  it('that shows nothing is not complete where there is something', async () => {
    app.messages.purge('r', 4)
    expect(await newestPage(app.messages, 'r', 0)).toMatchObject({ entries: [], head: 4, floor: 4, complete: false })
    expect(await pageBefore(app.messages, 'r', 5, 0)).toMatchObject({ head: 4, complete: false })
    expect(await pageBefore(app.messages, 'r', 4, 0)).toMatchObject({ head: 4, complete: true })
  })

  it('from the beginning is refused rather than answered with a hole, where a purge was faster', async () => {
    app.messages.purge('r', 3)
    jest.spyOn(app.messages, 'floor').mockResolvedValueOnce(1)
    expect(await refusal(pageAfter(app.messages, 'r', 0, 9))).toMatchObject({
      code: 'resync_required',
      details: { head: 4, floor: 3 },
    })
  })

  it('above a position asks for the head only where the page ends before it', async () => {
    const head = jest.spyOn(app.messages, 'head')
    expect(await pageAfter(app.messages, 'r', 2, 2)).toMatchObject({ head: 4, complete: true })
    expect(head).not.toHaveBeenCalled()
    expect(await pageAfter(app.messages, 'r', 1, 2)).toMatchObject({ entries: [{}, {}], head: 4, complete: false })
    expect(head).toHaveBeenCalledTimes(1)
  })
})
