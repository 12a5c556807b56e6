import fc from 'fast-check'
import type { Caller, Principal } from '../../../lambdas/domain/access/principals.ts'
import type { Role } from '../../../lambdas/domain/access/roles.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import { type MemoryApp, memoryApp } from './app.ts'
import { categoryOf, person, roomOf } from './scene.ts'

/** Small worlds of rooms, grants and people, in which everything can concern everyone. */

export interface Given {
  categories: { allowed: Principal[]; denied: Principal[] }[]
  rooms: (Pick<Room, 'privacy' | 'auditorium' | 'disabled'> & { category: number; name: string; description: string })[]
  grants: { room: number; role: Role; principal: Principal }[]
  /** Rooms that people are in. */
  seats: { room: number; user: string }[]
  /** Rooms to which ana was invited, in this order. */
  invitations: number[]
}

export interface Asked {
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

export const given: fc.Arbitrary<Given> = fc.record({
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
  seats: fc.array(fc.record({ room, user: fc.constantFrom('ana', 'ben') }), { maxLength: 10 }),
  invitations: fc.array(room, { maxLength: 8 }),
})

const way: fc.Arbitrary<Asked> = fc.oneof(
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

const filters: fc.Arbitrary<Asked> = fc.record(
  { privacy, auditorium: fc.boolean(), disabled: fc.boolean() },
  { requiredKeys: [] },
)

export const asked: fc.Arbitrary<Asked> = fc.tuple(way, filters).map(([one, more]) => ({ ...one, ...more }))

export const caller: fc.Arbitrary<Caller> = fc
  .record({ groups: fc.uniqueArray(fc.constantFrom('ops', 'dev')), admin: fc.boolean() })
  .map((more) => person('ana', more))

export const idOf = (nr: number): string => `${(nr * 7919) % 1000}-${nr}`

const categoryIdOf = (given: Given, nr: number) => `category-${nr % given.categories.length}`

export const roomsIn = (given: Given): Room[] =>
  given.rooms.map(({ category, name, ...settings }, nr) =>
    roomOf(idOf(nr), { ...settings, name: `${name} ${nr}`, categoryId: categoryIdOf(given, category) }),
  )

/** The world as given, but for rooms that are left out as though they had never been. */
export async function furnished(given: Given, without: ReadonlySet<string> = new Set()): Promise<MemoryApp> {
  const app = memoryApp()
  given.categories.forEach(({ allowed, denied }, nr) => {
    app.categories.put(categoryOf(`category-${nr}`, { name: `category ${nr}`, allowed, denied }))
  })
  const there = (nr: number) => nr < given.rooms.length && !without.has(idOf(nr))
  for (const each of roomsIn(given)) {
    if (without.has(each.roomId)) continue
    await app.rooms.create(each, undefined)
    await app.roles.revoke(each.roomId, 'manager', ['user:maker'])
  }
  for (const { room: nr, role, principal: holder } of given.grants) {
    if (there(nr)) app.roles.put(idOf(nr), { role, principal: holder, createdAt: 1, createdBy: 'maker' })
  }
  const expiresAt = Math.ceil(app.clock.now() / 1000) + 60
  const rights = { canChat: true, isManager: false, isPresenter: false, logged: true, confirmed: true }
  for (const [at, { room: nr, user }] of given.seats.entries()) {
    const connectionId = `c-${at}`
    await app.sessions.open({ connectionId, user, name: user, groups: [], connectedAt: at, expiresAt })
    if (!there(nr)) continue
    await app.sessions.join(
      { roomId: idOf(nr), connectionId, user, name: user, joinedAt: at, expiresAt, ...rights },
      100,
    )
  }
  // A room that is gone leaves its invitations behind.
  for (const nr of given.invitations) app.invitations.add('ana', idOf(nr), 1)
  return app
}

/** What the caller is to find, looked up one room after the other, without any of what makes it fast. */
export function expected(given: Given, who: Caller, question: Asked): string[] {
  const principals = ['user:ana', ...who.groups.map((group) => `group:${group}`), 'everyone']
  const rooms = roomsIn(given)
  const finds = (each: Room, nr: number) => {
    const { allowed = [], denied = [] } = given.categories[Number(each.categoryId.slice('category-'.length))] ?? {}
    const scoped = principals.some((one) => allowed.includes(one)) && !principals.some((one) => denied.includes(one))
    const holds = (role: Role) =>
      given.grants.some((grant) => grant.room === nr && grant.role === role && principals.includes(grant.principal))
    const manages = who.admin || (scoped && holds('manager'))
    const sees = who.admin || (scoped && (each.privacy !== 'secret' || holds('member') || holds('manager')))
    if (!sees || each.disabled !== (question.disabled ?? false) || (each.disabled && !manages)) return false
    if (question.privacy && each.privacy !== question.privacy) return false
    if (question.auditorium !== undefined && each.auditorium !== question.auditorium) return false
    if (question.mine) return holds('member')
    if (question.managed) return holds('manager')
    if (question.joinedBy) return given.seats.some((seat) => seat.room === nr && seat.user === question.joinedBy)
    if (question.invitedAfter !== undefined) return given.invitations.slice(question.invitedAfter).includes(nr)
    if (question.categoryId) return each.categoryId === question.categoryId
    return !question.criteria || says(each, question.criteria)
  }
  return rooms
    .filter(finds)
    .map(({ roomId }) => roomId)
    .sort()
}

function says({ name, description }: Room, { text: wanted, match, inDescription }: NonNullable<Asked['criteria']>) {
  const places = [name, ...(inDescription ? [description] : [])].map((place) => place.toLowerCase())
  const isSaid = (word: string) => places.some((place) => place.includes(word.toLowerCase()))
  if (match === 'phrase') return isSaid(wanted)
  return match === 'all' ? wanted.split(' ').every(isSaid) : wanted.split(' ').some(isSaid)
}
