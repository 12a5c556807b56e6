import { grantRole } from '../../lambdas/domain/access/grants.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, categoryOf, person, roomOf } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp
const hall = roomOf('hall', { categoryId: 'staff', auditorium: true })
const boss = person('boss', { admin: true })
const audit = { createdAt: 7, createdBy: 'boss' }

beforeEach(async () => {
  app = memoryApp()
  app.categories.put(categoryOf('staff', { allowed: ['group:staff', 'user:ana'], denied: ['user:mallory'] }))
  await addRoom(app, 'hall', hall)
})

const grant = async (role: Role, ...principals: string[]) =>
  (await grantRole(app, boss, hall, role, principals, 7)).changed
const rolesOf = async (principal: string) => (await app.roles.held('hall', [principal])).roles

it.each<Role>(['member', 'manager'])(
  'the role %s is granted to principals that the category allows, and stored with its user and time',
  async (role) => {
    expect(await grant(role, 'user:ana', 'group:staff')).toEqual(['user:ana', 'group:staff'])
    expect((await app.roles.list('hall', role, undefined)).grants).toContainEqual({
      role,
      principal: 'user:ana',
      ...audit,
    })
  },
)

it('a grant returns only the principals that did not hold the role before', async () => {
  await grant('member', 'user:ana')
  expect(await grant('member', 'user:ana', 'group:staff')).toEqual(['group:staff'])
})

it.each<Role>(['member', 'manager'])(
  'the role %s is granted to no principal if one is out of scope, and the error names those out of scope',
  async (role) => {
    const refused = await refusal(grant(role, 'user:ana', 'user:mallory', 'group:guests'))
    expect(refused).toMatchObject({ code: 'not_in_scope', details: { principals: ['user:mallory', 'group:guests'] } })
    expect(await rolesOf('user:ana')).toEqual([])
  },
)

it('in a category that allows everyone, only denied principals are out of scope', async () => {
  app.categories.put(categoryOf('staff', { allowed: ['everyone'], denied: ['user:mallory'] }))
  expect(await grant('member', 'everyone', 'user:new')).toEqual(['everyone', 'user:new'])
  expect((await refusal(grant('member', 'user:mallory'))).code).toBe('not_in_scope')
})

it('a member can become a presenter', async () => {
  await grant('member', 'user:ana')
  expect(await grant('presenter', 'user:ana')).toEqual(['user:ana'])
})

it('any user can become a presenter if everyone is a member', async () => {
  app.roles.put('hall', { role: 'member', principal: 'everyone', ...audit })
  expect(await grant('presenter', 'user:ana')).toEqual(['user:ana'])
})

it('no principal becomes a presenter if one is not a member, and the error names those who are not', async () => {
  await grant('member', 'user:ana')
  await grant('manager', 'group:staff')
  const refused = await refusal(grant('presenter', 'user:ana', 'group:staff'))
  expect(refused).toMatchObject({ code: 'presenter_not_member', details: { principals: ['group:staff'] } })
  expect(await rolesOf('user:ana')).toEqual(['member'])
})

it('a user whose last known groups include a member group counts as a member', async () => {
  await grant('member', 'group:staff')
  await app.people.put({ user: 'ben', name: 'Ben', groups: ['staff'], seenAt: 1 })
  expect(await grant('presenter', 'user:ben')).toEqual(['user:ben'])
  const refused = await refusal(grant('presenter', 'user:ben', 'user:new'))
  expect(refused).toMatchObject({ code: 'presenter_not_member', details: { principals: ['user:new'] } })
})

it('only an auditorium has presenters', async () => {
  await grant('member', 'user:ana')
  const plain = { ...hall, auditorium: false }
  const refused = await refusal(grantRole(app, boss, plain, 'presenter', ['user:ana'], 7))
  expect(refused).toMatchObject({ code: 'invalid', details: { field: 'role' } })
})
