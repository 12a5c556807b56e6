import fc from 'fast-check'
import type { Caller, Principal } from '../../../lambdas/domain/access/principals.ts'
import type { Role } from '../../../lambdas/domain/access/roles.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import { type MemoryApp, memoryApp } from './app.ts'
import { categoryOf, person, roomOf } from './fixtures.ts'

/** Random small directories, in which most rooms, grants and users are related, and the expected result of a query. */

export interface DirectoryData {
  categories: { allowed: Principal[]; denied: Principal[] }[]
  rooms: (Pick<Room, 'privacy' | 'auditorium' | 'disabled'> & { category: number; name: string; description: string })[]
  grants: { room: number; role: Role; principal: Principal }[]
  /** Users with a session in a room. */
  sessions: { room: number; user: string }[]
  /** Rooms to which ana is invited, in this order. */
  invitations: number[]
}

export interface DirectoryRequest {
  criteria?: { text: string; match: 'any' | 'all' | 'phrase'; inDescription: boolean }
  mine?: true
  managed?: true
  joinedBy?: string
  invitedAfter?: number
  categoryId?: string
  privacy?: Room['privacy']
  auditorium?: boolean
  disabled?: boolean
}

const principal = fc.constantFrom('user:ana', 'user:ben', 'group:ops', 'group:dev', 'everyone')
const words = fc.array(fc.constantFrom('red', 'Blue', 'GREEN', 'redder'), { minLength: 1, maxLength: 3 })
const text = words.map((list) => list.join(' '))
const privacy = fc.constantFrom<Room['privacy'][]>('open', 'closed', 'secret')
const room = fc.nat({ max: 11 })

export const directoryData: fc.Arbitrary<DirectoryData> = fc.record({
  categories: fc.array(
    fc.record({
      allowed: fc.uniqueArray(principal, { minLength: 1 }),
      denied: fc.uniqueArray(principal, { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  rooms: fc.array(
    fc.record({
      category: fc.nat({ max: 2 }),
      name: text,
      description: text,
      privacy,
      auditorium: fc.boolean(),
      disabled: fc.boolean(),
    }),
    { maxLength: 12 },
  ),
  grants: fc.array(fc.record({ room, role: fc.constantFrom<Role[]>('member', 'manager', 'presenter'), principal }), {
    maxLength: 20,
  }),
  sessions: fc.array(fc.record({ room, user: fc.constantFrom('ana', 'ben') }), { maxLength: 10 }),
  invitations: fc.array(room, { maxLength: 8 }),
})

const source: fc.Arbitrary<DirectoryRequest> = fc.oneof(
  fc
    .record({
      text,
      match: fc.constantFrom<('any' | 'all' | 'phrase')[]>('any', 'all', 'phrase'),
      inDescription: fc.boolean(),
    })
    .map((criteria) => ({ criteria })),
  fc.constant({ mine: true } as const),
  fc.constant({ managed: true } as const),
  fc.constantFrom('ana', 'ben').map((joinedBy) => ({ joinedBy })),
  fc.nat({ max: 8 }).map((invitedAfter) => ({ invitedAfter })),
  fc.nat({ max: 3 }).map((nr) => ({ categoryId: `category-${nr}` })),
)

const filters: fc.Arbitrary<DirectoryRequest> = fc.record(
  { privacy, auditorium: fc.boolean(), disabled: fc.boolean() },
  { requiredKeys: [] },
)

export const directoryRequest: fc.Arbitrary<DirectoryRequest> = fc
  .tuple(source, filters)
  .map(([one, more]) => ({ ...one, ...more }))

export const caller: fc.Arbitrary<Caller> = fc
  .record({ groups: fc.uniqueArray(fc.constantFrom('ops', 'dev')), admin: fc.boolean() })
  .map((more) => person('ana', more))

export const idOf = (nr: number): string => `${(nr * 7919) % 1000}-${nr}`

const categoryIdOf = (data: DirectoryData, nr: number) => `category-${nr % data.categories.length}`

export const roomsIn = (data: DirectoryData): Room[] =>
  data.rooms.map(({ category, name, ...settings }, nr) =>
    roomOf(idOf(nr), { ...settings, name: `${name} ${nr}`, categoryId: categoryIdOf(data, category) }),
  )

/** An app with this data, without the rooms in `without`. */
export async function directoryApp(data: DirectoryData, without: ReadonlySet<string> = new Set()): Promise<MemoryApp> {
  const app = memoryApp()
  data.categories.forEach(({ allowed, denied }, nr) => {
    app.categories.put(categoryOf(`category-${nr}`, { name: `category ${nr}`, allowed, denied }))
  })
  const exists = (nr: number) => nr < data.rooms.length && !without.has(idOf(nr))
  for (const each of roomsIn(data)) {
    if (without.has(each.roomId)) continue
    await app.rooms.create(each, undefined)
    await app.roles.revoke(each.roomId, 'manager', ['user:maker'])
  }
  for (const { room: nr, role, principal: holder } of data.grants) {
    if (exists(nr)) app.roles.put(idOf(nr), { role, principal: holder, createdAt: 1, createdBy: 'maker' })
  }
  const expiresAt = Math.ceil(app.clock.now() / 1000) + 60
  const rights = { canChat: true, isManager: false, isPresenter: false, logged: true, confirmed: true }
  for (const [at, { room: nr, user }] of data.sessions.entries()) {
    const connectionId = `c-${at}`
    await app.sessions.open({ connectionId, user, name: user, groups: [], connectedAt: at, expiresAt })
    if (!exists(nr)) continue
    await app.sessions.join(
      { roomId: idOf(nr), connectionId, user, name: user, joinedAt: at, expiresAt, ...rights },
      100,
    )
  }
  // The invitations of a deleted room remain.
  for (const nr of data.invitations) app.invitations.add('ana', idOf(nr), 1)
  return app
}

/** The ids of the rooms that the caller must find, by a simple check of each room. */
export function expectedRoomIds(data: DirectoryData, caller: Caller, request: DirectoryRequest): string[] {
  const principals = ['user:ana', ...caller.groups.map((group) => `group:${group}`), 'everyone']
  const rooms = roomsIn(data)
  const matches = (each: Room, nr: number) => {
    const { allowed = [], denied = [] } = data.categories[Number(each.categoryId.slice('category-'.length))] ?? {}
    const scoped = principals.some((one) => allowed.includes(one)) && !principals.some((one) => denied.includes(one))
    const holds = (role: Role) =>
      data.grants.some((grant) => grant.room === nr && grant.role === role && principals.includes(grant.principal))
    const manages = caller.admin || (scoped && holds('manager'))
    const sees = caller.admin || (scoped && (each.privacy !== 'secret' || holds('member') || holds('manager')))
    if (!sees || each.disabled !== (request.disabled ?? false) || (each.disabled && !manages)) return false
    if (request.privacy && each.privacy !== request.privacy) return false
    if (request.auditorium !== undefined && each.auditorium !== request.auditorium) return false
    if (request.mine) return holds('member')
    if (request.managed) return holds('manager')
    // An administrator may see all rooms, but list the participants only of those that everybody like them may read.
    const reads = scoped && !each.disabled && (each.privacy === 'open' || holds('member'))
    if (request.joinedBy)
      return reads && data.sessions.some((session) => session.room === nr && session.user === request.joinedBy)
    if (request.invitedAfter !== undefined) return data.invitations.slice(request.invitedAfter).includes(nr)
    if (request.categoryId) return each.categoryId === request.categoryId
    return !request.criteria || matchesText(each, request.criteria)
  }
  return rooms
    .filter(matches)
    .map(({ roomId }) => roomId)
    .sort()
}

function matchesText(
  { name, description }: Room,
  { text: searched, match, inDescription }: NonNullable<DirectoryRequest['criteria']>,
) {
  const texts = [name, ...(inDescription ? [description] : [])].map((each) => each.toLowerCase())
  const contains = (word: string) => texts.some((each) => each.includes(word.toLowerCase()))
  if (match === 'phrase') return contains(searched)
  return match === 'all' ? searched.split(' ').every(contains) : searched.split(' ').some(contains)
}
