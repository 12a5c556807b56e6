import { block } from '../../lambdas/routes/block.ts'
import { blocks } from '../../lambdas/routes/blocks.ts'
import { grant } from '../../lambdas/routes/grant.ts'
import { unblock } from '../../lambdas/routes/unblock.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, connect, person } from '../support/memory/fixtures.ts'

const [ana, ben, cem] = [person('ana'), person('ben'), person('cem')]
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  for (const roomId of ['r', 's']) await addRoom(app, roomId, {}, { 'user:ana': ['manager'], 'user:cem': ['manager'] })
  await connect(app, ben, 'c-ben')
  await call(app, block, { user: 'ana' }, ben)
})

const invite = (roomId: string, ...principals: string[]) =>
  call(app, grant, { roomId, role: 'member', principals }, ana)

const invitedTo = async (user: string) => (await app.invitations.list(user, 0, 99)).map(({ roomId }) => roomId)

describe('a grant to a user who blocks the inviter', () => {
  it('gives the role without an invitation or a push, and its reply is that of any grant', async () => {
    expect(await invite('r', 'user:ben', 'user:dan')).toEqual({ ok: true, changed: ['user:ben', 'user:dan'] })
    expect((await app.roles.held('r', ['user:ben'])).roles).toEqual(['member'])
    expect(await invitedTo('ben')).toEqual([])
    expect(await invitedTo('dan')).toEqual(['r'])
    expect(app.connections.pushes('c-ben')).toEqual([])
    expect(await invite('r', 'user:ben')).toEqual({ ok: true, changed: [] })
  })

  it('by a list of members makes no invitation either', async () => {
    const members = ['user:ben', 'user:dan']
    expect(await call(app, updateRoom, { roomId: 'r', version: 1, members }, ana)).toMatchObject({ ok: true })
    expect((await app.roles.held('r', ['user:ben'])).roles).toEqual(['member'])
    expect(await invitedTo('ben')).toEqual([])
    expect(await invitedTo('dan')).toEqual(['r'])
  })

  it('counts for the inviter as an invitation', async () => {
    app.settings.quotas.invitationsPerInviterPerDay = 1
    await invite('r', 'user:ben')
    expect(await invite('s', 'user:ben')).toMatchObject({ ok: false, error: { code: 'limit_exceeded' } })
  })

  it('invites again when the block is taken back, and others invite in any case', async () => {
    await call(app, grant, { roomId: 'r', role: 'member', principals: ['user:ben'] }, cem)
    expect(await invitedTo('ben')).toEqual(['r'])
    expect(await call(app, unblock, { user: 'ana' }, ben)).toEqual({ ok: true })
    await invite('s', 'user:ben')
    expect(await invitedTo('ben')).toEqual(['r', 's'])
  })
})

describe('the list of blocked users', () => {
  it('is sorted, and only the blocking user has it', async () => {
    await call(app, block, { user: 'aaron' }, ben)
    expect(await call(app, blocks, {}, ben)).toEqual({ ok: true, users: ['aaron', 'ana'] })
    expect(await call(app, blocks, {}, ana)).toEqual({ ok: true, users: [] })
  })

  it('has pages if it does not fit into a frame', async () => {
    const others = Array.from({ length: 300 }, (_, nr) => `${nr}`.padStart(128, '0'))
    for (const user of others) await app.blocks.add('dan', user)
    const dan = person('dan')
    const first = await call(app, blocks, {}, dan)
    const second = await call(app, blocks, { cursor: first.cursor }, dan)
    expect([...(first.users as string[]), ...(second.users as string[])]).toEqual(others)
    expect(second).not.toHaveProperty('cursor')
  })
})

test('a guest keeps no list of blocked users', async () => {
  expect(await call(app, block, { user: 'ana' }, person('guest:1'))).toMatchObject({ error: { code: 'forbidden' } })
  expect(await app.blocks.list('guest:1')).toEqual([])
})

test('nobody blocks themselves', async () => {
  expect(await call(app, block, { user: 'ben' }, ben)).toMatchObject({
    error: { code: 'invalid', details: { field: 'user' } },
  })
})
