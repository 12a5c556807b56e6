import { aWorld } from './world.ts'

const world = aWorld()

describe('grant and revoke', () => {
  it('return the changed principals, and roles lists each grant with its creator and time', async () => {
    const room = await world().room({}, ['user:alice'])
    const alice = await world().connect('alice')
    const grant = { roomId: room.roomId, role: 'member', principals: ['user:bob', 'group:ops', 'user:alice'] }
    expect((await alice.ask('grant', grant)).changed).toEqual(['user:bob', 'group:ops'])
    const { grants } = await alice.ask('roles', { roomId: room.roomId, role: 'member' })
    expect(grants.map((each: { principal: string }) => each.principal)).toEqual(['group:ops', 'user:alice', 'user:bob'])
    expect(grants[0]).toEqual({
      role: 'member',
      principal: 'group:ops',
      createdAt: expect.any(String),
      createdBy: 'alice',
    })
    expect((await alice.ask('roles', { roomId: room.roomId })).grants).toHaveLength(4)
    expect((await alice.ask('revoke', grant)).changed).toEqual(['user:bob', 'group:ops', 'user:alice'])
    expect((await alice.ask('revoke', grant)).changed).toEqual([])
  })

  it('require a manager', async () => {
    const room = await world().room()
    const bob = await world().connect('bob')
    const carol = await world().connect('carol')
    const grant = { roomId: room.roomId, role: 'member', principals: ['user:carol'] }
    expect(await bob.refusal('grant', grant)).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('revoke', grant)).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('roles', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('are allowed for administrators, who do not become members', async () => {
    const room = await world().room({ privacy: 'secret' }, ['user:alice'])
    const root = await world().connect('root')
    const grant = { roomId: room.roomId, role: 'member', principals: ['user:carol'] }
    expect((await root.ask('grant', grant)).changed).toEqual(['user:carol'])
    expect(await root.refusal('history', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('kick a user who loses the membership and announce it to the others', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    await alice.ask('revoke', { roomId: room.roomId, role: 'member', principals: ['user:bob'] })
    expect(await bob.push('kicked')).toEqual({ type: 'kicked', roomId: room.roomId, reason: 'revoked' })
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'bob' } })
    expect(await bob.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'not_joined' })
    expect(await bob.refusal('join', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
    expect(await bob.refusal('history', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('do not kick a user of a revoked group who has another grant', async () => {
    const room = await world().room({}, ['user:alice', 'group:ops', 'group:dev'])
    const alice = await world().joined('alice', room)
    const dave = await world().joined('dave', room)
    const erin = await world().joined('erin', room)
    await alice.ask('revoke', { roomId: room.roomId, role: 'member', principals: ['group:ops'] })
    await dave.push('kicked', { reason: 'revoked' })
    expect((await erin.ask('send', { roomId: room.roomId, text: 'Still here' })).message.seq).toBe(1)
  })

  it('push changed rights of a participant to the room', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    await alice.ask('grant', { roomId: room.roomId, role: 'manager', principals: ['user:bob'] })
    const change = await bob.push('participant', { event: 'changed' })
    expect(change.user).toEqual({ user: 'bob', name: 'Bob', isManager: true, isPresenter: false })
    expect(await alice.push('participant', { event: 'changed' })).toEqual(change)
  })
})

describe('an auditorium', () => {
  it('allows presenters to send and members to read', async () => {
    const room = await world().room({ auditorium: true })
    const alice = await world().joined('alice', room)
    const bob = await world().connect('bob')
    expect((await bob.ask('join', { roomId: room.roomId })).you.canChat).toBe(false)
    expect(await bob.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'forbidden' })
    await alice.ask('grant', { roomId: room.roomId, role: 'presenter', principals: ['user:bob'] })
    expect(await bob.push('participant', { event: 'changed' })).toMatchObject({ user: { isPresenter: true } })
    await bob.ask('send', { roomId: room.roomId, text: 'Welcome' })
    expect(await alice.push('message')).toMatchObject({ text: 'Welcome', from: { user: 'bob', name: 'Bob' } })
    await alice.ask('revoke', { roomId: room.roomId, role: 'presenter', principals: ['user:bob'] })
    expect(await bob.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'forbidden' })
  })

  it('that is open keeps a presenter whose membership is revoked in the room, without the right to send', async () => {
    const room = await world().room({ auditorium: true, privacy: 'open' })
    const { roomId } = room
    const [alice, bob] = [await world().joined('alice', room), await world().joined('bob', room)]
    const [member, presenter] = ['member', 'presenter'].map((role) => ({ roomId, role, principals: ['user:bob'] }))
    await alice.ask('grant', presenter)
    await bob.push('participant', { event: 'changed' })
    await bob.ask('send', { roomId, text: 'Welcome' })
    await alice.ask('revoke', member)
    expect(await bob.push('participant', { event: 'changed' })).toMatchObject({ user: { isPresenter: false } })
    expect(await bob.refusal('send', { roomId, text: 'x' })).toMatchObject({ code: 'forbidden' })
    expect((await bob.ask('join', { roomId })).you.canChat).toBe(false)
    expect(await alice.refusal('grant', presenter)).toMatchObject({ code: 'presenter_not_member' })
    await alice.ask('grant', member)
    expect(await bob.push('participant', { event: 'changed' })).toMatchObject({ user: { isPresenter: true } })
    await bob.ask('send', { roomId, text: 'Back again' })
  })

  it('can have only members as presenters, and a normal room can have none', async () => {
    const auditorium = await world().room({ auditorium: true }, [])
    const room = await world().room()
    const alice = await world().connect('alice')
    const presenter = { role: 'presenter', principals: ['user:bob'] }
    expect(await alice.refusal('grant', { roomId: auditorium.roomId, ...presenter })).toMatchObject({
      code: 'presenter_not_member',
      details: { principals: ['user:bob'] },
    })
    expect(await alice.refusal('grant', { roomId: room.roomId, ...presenter })).toMatchObject({ code: 'invalid' })
  })
})
