import { aWorld } from './world.ts'

jest.setTimeout(180_000)
const world = aWorld()

describe('granting and revoking', () => {
  it('answers whom it changed, and lists every grant with its audit', async () => {
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

  it('is for managers alone', async () => {
    const room = await world().room()
    const bob = await world().connect('bob')
    const carol = await world().connect('carol')
    const grant = { roomId: room.roomId, role: 'member', principals: ['user:carol'] }
    expect(await bob.refusal('grant', grant)).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('revoke', grant)).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('roles', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('is for administrators, whom it does not make members', async () => {
    const room = await world().room({ privacy: 'secret' }, ['user:alice'])
    const root = await world().connect('root')
    const grant = { roomId: room.roomId, role: 'member', principals: ['user:carol'] }
    expect((await root.ask('grant', grant)).changed).toEqual(['user:carol'])
    expect(await root.refusal('history', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('kicks at once whoever loses membership, and tells the rest', async () => {
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

  it('kicks by group only those whom no other grant keeps', async () => {
    const room = await world().room({}, ['user:alice', 'group:ops', 'group:dev'])
    const alice = await world().joined('alice', room)
    const dave = await world().joined('dave', room)
    const erin = await world().joined('erin', room)
    await alice.ask('revoke', { roomId: room.roomId, role: 'member', principals: ['group:ops'] })
    await dave.push('kicked', { reason: 'revoked' })
    expect((await erin.ask('send', { roomId: room.roomId, text: 'Still here' })).message.seq).toBe(1)
  })

  it('tells the room when the rights of someone in it change', async () => {
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
  it('lets presenters post and members read', async () => {
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

  it('that is open takes the voice of a presenter who is a member no more, and lets them stay', async () => {
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

  it('has presenters who are members, and a normal room has none', async () => {
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
