import type { Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'
import { someName } from './world.ts'

jest.setTimeout(180_000)
const quotas = {
  roomsPerDay: 3,
  roomsManaged: 2,
  grantsPerRoom: 4,
  invitationsPerDay: 2,
  invitationsPerInviterPerDay: 5,
  preferencesPerUser: 2,
  preferenceBytesPerUser: 12,
  blocksPerUser: 2,
}
const world = aLocalWorld({
  CONTEXT: Object.entries(quotas)
    .map((pair) => pair.join('='))
    .join(','),
})

const limitExceeded = (limit: keyof typeof quotas) => ({
  code: 'limit_exceeded',
  retryable: false,
  message: expect.stringContaining(limit),
})

test('the quotas are settings of the stack, and hello publishes them', async () => {
  const alice = await world().connect('alice')
  expect((await alice.ask('hello')).limits).toMatchObject(quotas)
})

test('a user creates rooms up to the limits, and an administrator beyond them', async () => {
  const bob = await world().connect('bob')
  const { room } = await bob.ask('createRoom', { name: someName() })
  await bob.ask('createRoom', { name: someName() })
  expect(await bob.refusal('createRoom', { name: someName() })).toMatchObject(limitExceeded('roomsManaged'))
  await bob.ask('revoke', { roomId: room.roomId, role: 'manager', principals: ['user:bob'] })
  await bob.ask('createRoom', { name: someName() })
  const root = await world().connect('root')
  for (let nr = 0; nr < 4; nr++) await root.ask('createRoom', { name: someName() })
})

test('a user who creates rooms at the same time creates no more than the limit of a day', async () => {
  const frank = await world().connect('frank')
  const replies = await Promise.all(Array.from({ length: 8 }, () => frank.request('createRoom', { name: someName() })))
  expect(replies.filter(({ ok }) => ok).length).toBeLessThanOrEqual(3)
  expect(replies.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(2)
  for (const { ok, error } of replies) if (!ok) expect(error.code).toBe('limit_exceeded')
})

test('a room takes grants, an inviter invites and a user is invited up to the limits', async () => {
  const [root, carol, dave] = [
    await world().connect('root'),
    await world().connect('carol'),
    await world().connect('dave'),
  ]
  const rooms: Frame[] = []
  for (let nr = 0; nr < 3; nr++) {
    const { room } = await root.ask('createRoom', { name: someName() })
    await root.ask('grant', { roomId: room.roomId, role: 'manager', principals: ['user:carol'] })
    rooms.push(room)
  }
  const invite = (nr: number, ...users: string[]) => ({
    roomId: rooms[nr]?.roomId,
    role: 'member',
    principals: users.map((user) => `user:${user}`),
  })
  expect(await carol.refusal('grant', invite(0, 'x1', 'x2', 'x3'))).toMatchObject(limitExceeded('grantsPerRoom'))
  for (const nr of [0, 1, 2]) expect((await carol.ask('grant', invite(nr, 'dave'))).changed).toEqual(['user:dave'])
  expect((await dave.ask('invitations')).invitations).toHaveLength(2)
  await dave.ask('join', { roomId: rooms[2]?.roomId })
  await carol.ask('grant', invite(0, 'x1'))
  await carol.ask('grant', invite(1, 'x1'))
  expect(await carol.refusal('grant', invite(2, 'x1'))).toMatchObject(limitExceeded('invitationsPerInviterPerDay'))
})

test('preferences are limited in number and in bytes', async () => {
  const alice = await world().connect('alice')
  await alice.ask('preference', { label: 'a', data: '12345' })
  await alice.ask('preference', { label: 'b', data: '12345' })
  expect(await alice.refusal('preference', { label: 'c', data: '' })).toMatchObject(limitExceeded('preferencesPerUser'))
  const long = { label: 'b', data: '12345678' }
  expect(await alice.refusal('preference', long)).toMatchObject(limitExceeded('preferenceBytesPerUser'))
})

test('a blocked user can give a role, and makes no invitation', async () => {
  const [root, erin] = [await world().connect('root'), await world().connect('erin')]
  for (const user of ['root', 'x']) await erin.ask('block', { user })
  expect(await erin.refusal('block', { user: 'y' })).toMatchObject(limitExceeded('blocksPerUser'))
  expect((await erin.ask('blocks')).users).toEqual(['root', 'x'])
  const { room } = await root.ask('createRoom', { name: someName() })
  const membership = { roomId: room.roomId, role: 'member', principals: ['user:erin'] }
  expect((await root.ask('grant', membership)).changed).toEqual(['user:erin'])
  await erin.ask('join', { roomId: room.roomId })
  expect((await erin.ask('invitations')).invitations).toEqual([])
  expect(erin.pushes).toEqual([])
  await erin.ask('unblock', { user: 'root' })
  await root.ask('revoke', membership)
  await root.ask('grant', membership)
  await erin.push('invitation')
})

test('only a creator of the category gives a role to a group', async () => {
  const { categoryId } = await world().category({ creators: ['user:gina'] })
  const [gina, henry] = [await world().connect('gina'), await world().connect('henry')]
  const { room } = await gina.ask('createRoom', { name: someName(), categoryId })
  await gina.ask('grant', { roomId: room.roomId, role: 'manager', principals: ['user:henry'] })
  const ofGroup = { roomId: room.roomId, role: 'member', principals: ['group:ops'] }
  expect(await henry.refusal('grant', ofGroup)).toMatchObject({ code: 'forbidden', details: { field: 'principals' } })
  expect((await gina.ask('grant', ofGroup)).changed).toEqual(['group:ops'])
})
