import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

jest.setTimeout(180_000)
const world = aWorld()

const card = ({ roomId, uri, name, description }: Frame) => ({ roomId, uri, name, description })

const invitedTo = (invitations: Frame[]): string[] => invitations.map(({ room }) => room.roomId)

/** The number of the newest invitation there is. */
async function newest(socket: ChatSocket): Promise<number> {
  let after = 0
  for (;;) {
    const { last } = await socket.ask('invitations', { after })
    if (last === after) return last
    after = last
  }
}

const member = (room: Frame, ...principals: string[]) => ({ roomId: room.roomId, role: 'member', principals })

describe('becoming a member', () => {
  it('is told at once on every connection, and kept under the next number', async () => {
    const room = await world().room({ description: 'For two' }, [])
    const alice = await world().connect('alice')
    const carol = await world().connect('carol')
    const before = await newest(carol)
    const again = await world().connect('carol')
    await alice.ask('grant', member(room, 'user:carol'))
    const push = await carol.push('invitation')
    expect(push).toEqual({
      type: 'invitation',
      invitationId: before + 1,
      room: card(room),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
    })
    expect(await again.push('invitation')).toEqual(push)
    const { type: _, ...kept } = push
    expect(await carol.ask('invitations', { after: before })).toMatchObject({
      invitations: [kept],
      last: before + 1,
    })
    expect((await carol.ask('join', { roomUri: push.room.uri })).room.roomId).toBe(room.roomId)
  })

  it('invites nobody to what they are a member of, and again whoever was put out', async () => {
    const room = await world().room({}, [])
    const alice = await world().connect('alice')
    const carol = await world().connect('carol')
    const before = await newest(carol)
    expect((await alice.ask('grant', member(room, 'user:carol', 'user:carol'))).changed).toEqual(['user:carol'])
    expect((await alice.ask('grant', member(room, 'user:carol'))).changed).toEqual([])
    expect(await newest(carol)).toBe(before + 1)
    await alice.ask('revoke', member(room, 'user:carol'))
    await alice.ask('grant', member(room, 'user:carol'))
    expect(await newest(carol)).toBe(before + 2)
  })

  it('invites nobody by a group, as a manager or a presenter, or by making a room', async () => {
    const dave = await world().connect('dave')
    const alice = await world().connect('alice')
    const [before, alices] = [await newest(dave), await newest(alice)]
    const room = await world().room({ auditorium: true }, [])
    await alice.ask('grant', member(room, 'group:ops', 'everyone'))
    await alice.ask('grant', { roomId: room.roomId, role: 'manager', principals: ['user:dave'] })
    await alice.ask('grant', { roomId: room.roomId, role: 'presenter', principals: ['user:dave'] })
    expect(await newest(dave)).toBe(before)
    expect(await newest(alice)).toBe(alices)
    expect(dave.pushes).toEqual([])
  })

  it('invites nobody where the room or its category does not want it', async () => {
    const root = await world().connect('root')
    const { category } = await root.ask('createCategory', {
      name: someName(),
      creators: ['user:alice'],
      invitations: false,
    })
    const { categoryId } = category
    const carol = await world().connect('carol')
    const before = await newest(carol)
    await world().room({ invitations: 'off' }, ['user:carol'])
    const room = await world().room({ categoryId }, ['user:carol'])
    expect(await newest(carol)).toBe(before)
    expect(carol.pushes).toEqual([])
    expect((await carol.ask('join', { roomId: room.roomId })).room.roomId).toBe(room.roomId)
  })

  it('by whole lists invites those whom the list adds', async () => {
    const room = await world().room({}, ['user:bob'])
    const alice = await world().connect('alice')
    const bob = await world().connect('bob')
    const carol = await world().connect('carol')
    const [bobs, carols] = [await newest(bob), await newest(carol)]
    const update = { roomId: room.roomId, version: room.version, members: ['user:bob', 'user:carol', 'group:ops'] }
    await alice.ask('updateRoom', update)
    expect(await carol.push('invitation')).toMatchObject({ invitationId: carols + 1, room: card(room) })
    expect(await newest(carol)).toBe(carols + 1)
    expect(await newest(bob)).toBe(bobs)
  })

  it('gives every one of twenty simultaneous invitations a number of its own, without a hole', async () => {
    const carol = await world().connect('carol')
    const alice = await world().connect('alice')
    const before = await newest(carol)
    const rooms: Frame[] = []
    for (let nr = 0; nr < 20; nr++) rooms.push((await alice.ask('createRoom', { name: someName() })).room)
    await Promise.all(rooms.map((room) => alice.ask('grant', member(room, 'user:carol'))))
    const { invitations, last } = await carol.ask('invitations', { after: before })
    const numbers = Array.from({ length: 20 }, (_, at) => before + 1 + at)
    expect(invitations.map((each: Frame) => each.invitationId)).toEqual(numbers)
    expect(invitedTo(invitations).sort()).toEqual(rooms.map(({ roomId }) => roomId).sort())
    expect(last).toBe(before + 20)
    for (const invitationId of numbers) await carol.push('invitation', { invitationId })
  })
})

describe('looking at invitations', () => {
  it('shows the rooms as they are now, and only those that may still be seen', async () => {
    const carol = await world().connect('carol')
    const alice = await world().connect('alice')
    const before = await newest(carol)
    const kept = await world().room({ privacy: 'secret' }, ['user:carol'])
    const lost = await world().room({ privacy: 'secret' }, ['user:carol'])
    const disabled = await world().room({}, ['user:carol'])
    await alice.ask('revoke', member(lost, 'user:carol'))
    await alice.ask('updateRoom', { roomId: disabled.roomId, version: 1, disabled: true })
    const name = someName()
    await alice.ask('updateRoom', { roomId: kept.roomId, version: 1, name, description: 'Changed' })
    const { invitations, last } = await carol.ask('invitations', { after: before })
    expect(invitations).toEqual([
      {
        invitationId: before + 1,
        room: { ...card(kept), name, description: 'Changed' },
        createdAt: expect.any(String),
      },
    ])
    expect(last).toBe(before + 3)
    await alice.ask('updateRoom', { roomId: disabled.roomId, version: 2, disabled: false })
    expect(invitedTo((await carol.ask('invitations', { after: before })).invitations)).toContain(disabled.roomId)
  })

  it('goes on from the last number past everything that is not shown, until there is no more', async () => {
    const carol = await world().connect('carol')
    const before = await newest(carol)
    const rooms: Frame[] = []
    for (let nr = 0; nr < 25; nr++) rooms.push(await world().room({ description: '😀'.repeat(512) }, ['user:carol']))
    const seen: string[] = []
    let after = before
    for (let more = true; more; ) {
      const { invitations, last } = await carol.ask('invitations', { after })
      seen.push(...invitedTo(invitations))
      more = last > after
      after = last
    }
    expect(seen).toEqual(rooms.map(({ roomId }) => roomId))
    expect(after).toBe(before + 25)
    expect(await carol.ask('invitations', { after: after + 7 })).toMatchObject({ invitations: [], last: after + 7 })
  })

  it.each([-1, 0.5, '1', null, 2 ** 53])('refuses to go on after %j', async (after) => {
    const carol = await world().connect('carol')
    expect(await carol.refusal('invitations', { after })).toMatchObject({
      code: 'invalid',
      details: { field: 'after' },
    })
  })
})
