import fc from 'fast-check'
import { people } from '../support/local-run/deployment.ts'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

jest.setTimeout(600_000)
const world = aWorld()

const users = ['alice', 'bob', 'carol', 'dave', 'erin']
const groupsOf = (user: string) => (people[user] ?? '').split(',').filter(Boolean)
const principalsOf = (user: string) => [`user:${user}`, ...groupsOf(user).map((group) => `group:${group}`), 'everyone']

const principal: fc.Arbitrary<string> = fc.constantFrom(
  'user:alice',
  'user:bob',
  'user:carol',
  'group:ops',
  'group:dev',
  'everyone',
)
const principals = fc.uniqueArray(principal, { maxLength: 3 })

interface Scenario {
  allowed: string[]
  denied: string[]
  privacy: 'open' | 'closed' | 'secret'
  auditorium: boolean
  disabled: boolean
  member: string[]
  manager: string[]
  /** Which members are presenters, by position in the list of members. */
  presents: boolean[]
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  allowed: fc.oneof(fc.constant<string[]>(['everyone']), principals),
  denied: fc.oneof(fc.constant<string[]>([]), principals),
  privacy: fc.constantFrom('open' as const, 'closed' as const, 'secret' as const),
  auditorium: fc.boolean(),
  disabled: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  member: principals,
  manager: fc.uniqueArray(principal, { maxLength: 2 }),
  presents: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
})

/** The permission matrix of the original, written independently of the code. */
function matrix(drawn: Scenario, user: string) {
  const own = principalsOf(user)
  const has = (list: string[]) => list.some((each) => own.includes(each))
  const inScope = has(drawn.allowed) && !has(drawn.denied)
  const member = inScope && has(drawn.member)
  const manager = inScope && has(drawn.manager)
  const presenter = has(presentersOf(drawn))
  const enters = !drawn.disabled && (member || (inScope && drawn.privacy === 'open'))
  return {
    inSearch: !drawn.disabled && inScope && (drawn.privacy !== 'secret' || member || manager),
    join: enters,
    read: enters,
    post: enters && (!drawn.auditorium || presenter),
    edit: manager,
  }
}

const presentersOf = ({ auditorium, member, presents }: Scenario) =>
  auditorium ? member.filter((_, at) => presents[at]) : []

async function build(root: ChatSocket, drawn: Scenario): Promise<{ roomId: string; categoryId: string }> {
  const { category } = await root.ask('createCategory', { name: someName() })
  const { categoryId } = category
  const { privacy, auditorium } = drawn
  const { room } = await root.ask('createRoom', { name: someName(), categoryId, privacy, auditorium })
  const { roomId } = room
  const grants = { member: drawn.member, manager: drawn.manager, presenter: presentersOf(drawn) }
  for (const [role, list] of Object.entries(grants)) {
    if (list.length > 0) await root.ask('grant', { roomId, role, principals: list })
  }
  const { allowed, denied, disabled } = drawn
  await root.ask('updateCategory', { categoryId, version: category.version, allowed, denied })
  if (disabled) await root.ask('updateRoom', { roomId, version: room.version, disabled })
  return { roomId, categoryId }
}

/** Finds the permissions of a user by trying each action. */
async function permissionsOf(socket: ChatSocket, { roomId, categoryId }: { roomId: string; categoryId: string }) {
  const found = await socket.request('browse', { categoryId })
  const joined = await socket.request('join', { roomId })
  const read = await socket.request('history', { roomId })
  const posted = await socket.request('send', { roomId, text: 'May I?' })
  const edited = await socket.request('revoke', { roomId, role: 'member', principals: ['user:unknown'] })
  if (joined.ok) await socket.ask('leave', { roomId })
  for (const refused of [joined, read, edited].filter((reply) => !reply.ok)) {
    expect(['not_found', 'forbidden', 'room_disabled']).toContain(refused.error.code)
  }
  return {
    inSearch: found.ok && found.rooms.some((room: Frame) => room.roomId === roomId),
    join: joined.ok,
    read: read.ok,
    post: posted.ok,
    edit: edited.ok,
  }
}

describe('the permission matrix', () => {
  it('holds for random categories, rooms, users and groups', async () => {
    const root = await world().connect('root')
    const sockets = new Map<string, ChatSocket>()
    for (const user of users) sockets.set(user, await world().connect(user))
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const created = await build(root, drawn)
        for (const [user, socket] of sockets) {
          expect({ user, ...(await permissionsOf(socket, created)) }).toEqual({ user, ...matrix(drawn, user) })
        }
      }),
      { numRuns: 25, endOnFailure: true },
    )
  })
})
