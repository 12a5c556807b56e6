import { replayErasures, runErasure } from '../../lambdas/domain/rooms/erasure.ts'
import { connect } from '../../lambdas/routes/connect.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { erase } from '../../lambdas/routes/erase.ts'
import { history } from '../../lambdas/routes/history.ts'
import { legalHold } from '../../lambdas/routes/legal-hold.ts'
import { record } from '../../lambdas/routes/record.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, eventOf, person } from '../support/memory/fixtures.ts'

const root = person('root', { admin: true })
const always = Number.MAX_SAFE_INTEGER

let app: MemoryApp
beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { privacy: 'open' }, { 'user:ana': ['member', 'manager'], 'user:bob': ['member'] })
})

const asks = (frame: object, caller = root) => call(app, erase, frame, caller)

async function says(roomId: string, ...users: string[]): Promise<void> {
  for (const user of users) {
    const seq = ((await app.messages.head(roomId))?.seq ?? 0) + 1
    const from = { user, name: user.toUpperCase() }
    await app.messages.put(roomId, { seq, sentAt: app.clock.now(), from, body: { text: `${user} ${seq}` } })
  }
}

/** Runs the job of a user until it is done. */
async function finish(user = 'ana', until = always): Promise<void> {
  const job = await app.erasures.find(user)
  if (!job) throw new Error('There is no job.')
  await runErasure(app, job, until)
}

const textsIn = async (roomId: string) =>
  (await app.messages.read(roomId, 1, 100)).map(({ from, body, removed, removesOf, upTo }) =>
    removesOf === undefined
      ? `${from?.name}: ${body?.text ?? `removed by ${removed?.by}`}`
      : `all of ${removesOf} up to ${upTo}`,
  )

describe('the erasure of a user', () => {
  it('removes the messages in every room by one entry a room, and the name', async () => {
    await says('r', 'ana', 'bob', 'ana')
    await addRoom(app, 's')
    await says('s', 'ana')
    await addRoom(app, 'quiet')
    await says('quiet', 'bob')
    expect(await asks({ user: 'ana', messages: 'remove' })).toMatchObject({
      ok: true,
      job: { id: 'ana', messages: 'remove', state: 'running' },
    })
    await finish()
    expect(await textsIn('r')).toEqual([
      'Deleted user: removed by root',
      'BOB: bob 2',
      'Deleted user: removed by root',
      'all of ana up to 3',
    ])
    expect(await textsIn('s')).toEqual(['Deleted user: removed by root', 'all of ana up to 1'])
    expect(await textsIn('quiet')).toEqual(['BOB: bob 1'])
  })

  it('keeps the messages under another name', async () => {
    await says('r', 'ana', 'bob')
    await asks({ user: 'ana', messages: 'keep' })
    await finish()
    expect(await textsIn('r')).toEqual(['Deleted user: ana 1', 'BOB: bob 2'])
  })

  it('removes messages that an earlier erasure has kept', async () => {
    await says('r', 'ana')
    for (const messages of ['keep', 'remove']) {
      await asks({ user: 'ana', messages })
      await finish()
    }
    expect(await textsIn('r')).toEqual(['Deleted user: removed by root', 'all of ana up to 1'])
  })

  it('revokes the grants, and deletes the profile, the preferences and the invitations', async () => {
    await app.people.put({ user: 'ana', name: 'Ana', groups: [], seenAt: 1 })
    await app.preferences.set('ana', 'theme', 'dark')
    app.invitations.add('ana', 'r', 1)
    await asks({ user: 'ana', messages: 'keep' })
    await finish()
    const { grants } = await app.roles.list('r', undefined, undefined)
    expect(grants.map(({ principal }) => principal)).toEqual(['user:maker', 'user:bob'])
    expect(await app.people.find('ana')).toBeUndefined()
    expect(await app.preferences.find('ana', 'theme')).toBeUndefined()
    expect(await app.invitations.list('ana', 0, 10)).toEqual([])
  })

  it('closes the connections and refuses new ones', async () => {
    await connect(app, eventOf(app, '', person('ana'), 'a1'))
    await asks({ user: 'ana', messages: 'keep' })
    expect(app.connections.closed).toEqual(['a1'])
    expect((await connect(app, eventOf(app, '', person('ana'), 'a2'))).statusCode).toBe(403)
    expect(app.jobs.started).toEqual(['ana'])
  })

  it('includes rooms that were deleted', async () => {
    await says('r', 'ana', 'bob')
    await call(app, deleteRoom, { roomId: 'r' }, root)
    await asks({ user: 'ana', messages: 'remove' })
    await finish()
    expect((await textsIn('r'))[0]).toBe('Deleted user: removed by root')
  })

  it('tells readers of the log what it removes', async () => {
    await says('r', 'ana')
    await asks({ user: 'ana', messages: 'remove' })
    await finish()
    const page = await call(app, history, { roomId: 'r' }, person('bob'))
    expect(page.messages).toMatchObject([
      { seq: 1, from: { user: 'ana', name: 'Deleted user' }, removed: { by: 'root' } },
      { seq: 2, removes: [], removesOf: 'ana', upTo: 1, by: 'root' },
    ])
    expect(JSON.stringify(page)).not.toContain('ANA')
  })

  it('reports its progress, and what it leaves when it is done', async () => {
    await says('r', 'ana', 'ana')
    await asks({ user: 'ana', messages: 'remove' })
    await finish()
    expect(await asks({ user: 'ana', messages: 'remove' })).toMatchObject({
      job: {
        state: 'done',
        progress: { rooms: 1, messages: 2, roles: 2 },
        left: ['backups', 'record', 'exports', 'quotations'],
      },
    })
    expect(app.jobs.started).toEqual(['ana'])
  })

  it('goes on where it was cut off, and a second run finds nothing', async () => {
    for (const roomId of ['a', 'b', 'c']) {
      await addRoom(app, roomId)
      await says(roomId, 'ana')
    }
    await asks({ user: 'ana', messages: 'remove' })
    const head = app.messages.floor.bind(app.messages)
    jest.spyOn(app.messages, 'floor').mockImplementation((roomId) => {
      app.clock.time += 10
      return head(roomId)
    })
    while (!(await app.erasures.find('ana'))?.done) await finish('ana', app.clock.now() + 15)
    expect(await app.erasures.find('ana')).toMatchObject({ rooms: 3, changed: 3, revoked: 2 })
    for (const roomId of ['a', 'b', 'c']) expect(await textsIn(roomId)).toHaveLength(2)
  })

  it('that failed within a room is completed by the next run', async () => {
    await says('r', 'ana', 'ana')
    await asks({ user: 'ana', messages: 'remove' })
    jest.spyOn(app.messages, 'disown').mockRejectedValueOnce(new Error('No log'))
    await expect(finish()).rejects.toThrow('No log')
    await finish()
    expect((await textsIn('r')).filter((text) => text.includes('ANA'))).toEqual([])
    expect(await app.erasures.running()).toEqual([])
  })

  it('that is silent is started again by asking for it', async () => {
    await asks({ user: 'ana', messages: 'keep' })
    await asks({ user: 'ana', messages: 'keep' })
    expect(app.jobs.started).toEqual(['ana'])
    app.clock.time += 30 * 60_000
    await asks({ user: 'ana', messages: 'keep' })
    expect(app.jobs.started).toEqual(['ana', 'ana'])
  })

  it('is repeated from the ledger after a restore', async () => {
    await says('r', 'ana')
    await asks({ user: 'ana', messages: 'remove' })
    await finish()
    await addRoom(app, 'restored')
    await says('restored', 'ana')
    expect(await replayErasures(app, always)).toBe(1)
    expect((await textsIn('restored'))[0]).toBe('Deleted user: removed by root')
  })

  it('is in the record', async () => {
    await asks({ user: 'ana', messages: 'remove' })
    const details = { user: 'ana', messages: 'remove' }
    expect(await call(app, record, { user: 'ana' }, root)).toMatchObject({
      entries: [{ event: 'erased', by: 'root', details }],
    })
  })
})

describe('a legal hold', () => {
  it('on the user refuses the erasure', async () => {
    await call(app, legalHold, { user: 'ana', hold: true }, root)
    expect(await asks({ user: 'ana', messages: 'remove' })).toMatchObject({ error: { code: 'forbidden' } })
    expect(await app.erasures.running()).toEqual([])
  })

  it('on a room keeps its messages, and the report names it', async () => {
    await says('r', 'ana')
    await call(app, legalHold, { roomId: 'r', hold: true }, root)
    await asks({ user: 'ana', messages: 'remove' })
    await finish()
    expect(await textsIn('r')).toEqual(['ANA: ana 1'])
    const { job } = await asks({ user: 'ana', messages: 'remove' })
    expect(Object(job).left).toContain('holds')
  })
})

it.each([
  ['oneself', { user: 'root', messages: 'keep' }, root, 'invalid'],
  ['without a word about the messages', { user: 'ana' }, root, 'invalid'],
  ['as no administrator', { user: 'bob', messages: 'keep' }, person('ana'), 'forbidden'],
])('nobody erases %s', async (_, frame, caller, code) => {
  expect(await asks(frame, caller)).toMatchObject({ error: { code } })
  expect(await app.erasures.running()).toEqual([])
})
