import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

const card = ({ roomId, uri, name, description }: Frame) => ({ roomId, uri, name, description })

const invitedTo = (invitations: Frame[]): string[] => invitations.map(({ room }) => room.roomId)

/** The number of the newest invitation. */
async function newest(socket: ChatSocket): Promise<number> {
  let after = 0
  for (;;) {
    const { last } = await socket.ask('invitations', { after })
    if (last === after) return last
    after = last
  }
}

const member = (room: Frame, ...principals: string[]) => ({ roomId: room.roomId, role: 'member', principals })

describe('a grant of membership', () => {
  it('pushes an invitation to every connection of the user and stores it under the next number', async () => {
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

  it('does not invite a member again, but invites a user whose membership was revoked', async () => {
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

  it('invites users only by name and only as members; creating a room does not invite its creator', async () => {
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

  it('does not invite if the room or its category turns invitations off', async () => {
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

  it('in a list of members invites the users that are new in the list', async () => {
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

  it('gives twenty simultaneous invitations consecutive numbers', async () => {
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

describe('the list of invitations', () => {
  it('shows the current state of the rooms, and only rooms that the user may still see', async () => {
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

  it('can be read to its end in several pages, by the number of the last invitation', async () => {
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

  it.each([-1, 0.5, '1', null, 2 ** 53])('refuses %j as the number to continue after', async (after) => {
    const carol = await world().connect('carol')
    expect(await carol.refusal('invitations', { after })).toMatchObject({
      code: 'invalid',
      details: { field: 'after' },
    })
  })
})
