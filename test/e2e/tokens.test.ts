import { randomBytes } from 'node:crypto'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { ChatSocket } from '../support/socket/chat-socket.ts'
import { someName } from './world.ts'

jest.setTimeout(180_000)

let run: LocalRun
const sockets: ChatSocket[] = []

beforeAll(async () => {
  run = await startLocalRun({ ISSUERS: 'partner', SERVICES: 'bot,partner=feed', GUESTS: 'general' })
})
afterEach(() => Promise.all(sockets.splice(0).map((socket) => socket.close())))
afterAll(() => run.stop())

async function connect(token: string): Promise<ChatSocket> {
  const socket = await ChatSocket.open(run.url, token)
  sockets.push(socket)
  return socket
}
const connected = async (user: string, claims: Record<string, string> = {}) => connect(await run.token(user, claims))
const ofPartner = { issuer: 'partner' }
const guestToken = () => `guest.${randomBytes(32).toString('base64url')}`

/** A room that alice has created, with these members. */
async function roomOf(privacy: string, members: string[]) {
  const alice = await connected('alice')
  const { room } = await alice.ask('createRoom', { name: someName(), privacy })
  await alice.ask('grant', { roomId: room.roomId, role: 'member', principals: ['user:alice', ...members] })
  return room
}

describe('a user of another issuer', () => {
  it('is not the user of the first issuer with the same subject', async () => {
    const room = await roomOf('closed', [])
    const other = await connected('alice', ofPartner)
    expect((await other.ask('hello')).user).toBe('partner|alice')
    expect(await other.refusal('join', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('is granted roles by the id with the name of the issuer', async () => {
    const room = await roomOf('closed', ['user:partner|bob'])
    const bob = await connected('bob', ofPartner)
    const { participants } = await bob.ask('join', { roomId: room.roomId })
    expect(participants).toMatchObject([{ user: 'partner|bob', name: 'bob' }])
  })

  it('is no administrator by a group of that name', async () => {
    const other = await connected('root', { ...ofPartner, groups: 'chat-admins' })
    expect(await other.refusal('createCategory', { name: someName() })).toMatchObject({ code: 'forbidden' })
  })

  it('cannot be imitated, nor can a service, a guest or a group', async () => {
    for (const user of ['partner|bob', 'service:bot', 'guest:abc', 'group:ops', 'user:alice', 'everyone']) {
      await expect(connected(user)).rejects.toMatchObject({ status: 401 })
    }
  })
})

it('an access token of Cognito admits its user, with the user name as the name', async () => {
  const alice = await connected('alice', { use: 'access', name: 'alice@example.com' })
  expect(await alice.ask('hello')).toMatchObject({ user: 'alice', name: 'alice@example.com' })
  await expect(connected('alice', { use: 'access', client: 'other' })).rejects.toMatchObject({ status: 401 })
})

describe('a service', () => {
  it('joins silently, is shown as an app, and hears what is said', async () => {
    const room = await roomOf('closed', ['user:service:bot', 'user:bob'])
    const alice = await connected('alice')
    await alice.ask('join', { roomId: room.roomId })
    const bot = await connected('', { service: 'bot' })
    expect((await bot.ask('hello')).user).toBe('service:bot')
    const { participants } = await bot.ask('join', { roomId: room.roomId })
    expect(participants.map(({ user }: { user: string }) => user)).toEqual(['alice'])
    const { message } = await bot.ask('send', { roomId: room.roomId, text: 'Build 17 is green' })
    expect(message.from).toEqual({ user: 'service:bot', name: 'bot', app: true })
    await bot.ask('leave', { roomId: room.roomId })
    const bob = await connected('bob')
    await bob.ask('join', { roomId: room.roomId })
    // Pushes of the service would have come before that of bob.
    expect((await alice.push('participant')).user).toMatchObject({ user: 'bob' })
    expect(alice.pushes.filter(({ type }) => type === 'participant')).toEqual([])
    expect(alice.pushes.filter(({ type }) => type === 'message')).toMatchObject([{ from: { app: true } }])
  })

  it('of another issuer has the name of that issuer in its id, and one that is not named is refused', async () => {
    const feed = await connected('', { ...ofPartner, service: 'feed' })
    expect((await feed.ask('hello')).user).toBe('service:partner|feed')
    await expect(connected('', { ...ofPartner, service: 'bot' })).rejects.toMatchObject({ status: 401 })
    await expect(connected('', { service: 'other' })).rejects.toMatchObject({ status: 401 })
  })
})

describe('a guest', () => {
  it('talks in an open room, with the same id each time', async () => {
    const room = await roomOf('open', [])
    const token = guestToken()
    const [guest, again] = [await connect(token), await connect(token)]
    const { user } = await guest.ask('hello')
    expect(user).toMatch(/^guest:/)
    expect((await again.ask('hello')).user).toBe(user)
    await guest.ask('join', { roomId: room.roomId })
    const { message } = await guest.ask('send', { roomId: room.roomId, text: 'Hello' })
    expect(message.from.user).toBe(user)
    expect((await again.ask('history', { roomId: room.roomId })).messages).toHaveLength(1)
  })

  it('does not find a closed room, creates none and becomes no member', async () => {
    const room = await roomOf('closed', [])
    const guest = await connect(guestToken())
    const { user } = await guest.ask('hello')
    for (const action of ['join', 'getRoom', 'history', 'participants', 'roles']) {
      const { roomId } = room
      const fields = action === 'roles' ? { roomId, role: 'member' } : { roomId }
      expect(await guest.refusal(action, fields)).toMatchObject({ code: 'not_found' })
    }
    expect(await guest.refusal('createRoom', { name: someName() })).toMatchObject({ code: 'forbidden' })
    const alice = await connected('alice')
    const grant = { roomId: room.roomId, role: 'member', principals: [`user:${user}`] }
    expect(await alice.refusal('grant', grant)).toMatchObject({ code: 'not_in_scope' })
  })

  it('is refused with a secret that is easy to guess', async () => {
    await expect(connect('guest.1234')).rejects.toMatchObject({ status: 401 })
  })
})

it('a user in 500 groups is in those that a grant or a category names', async () => {
  const groups = Array.from({ length: 500 }, (_, at) => `group-${String(at).padStart(3, '0')}`)
  const room = await roomOf('closed', ['group:group-321'])
  const dave = await connected('dave', { groups: groups.join(',') })
  expect((await dave.ask('join', { roomId: room.roomId })).you.roles).toEqual(['member'])
})
