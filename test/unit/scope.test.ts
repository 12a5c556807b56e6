import { outOfScope, requireScope, scopeOf } from '../../lambdas/domain/access/scope.ts'
import { saveProfile } from '../../lambdas/domain/people/profiles.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
})

const seen = (user: string, ...groups: string[]) => app.people.put({ user, name: user, groups, seenAt: 1 })

describe('whether a category allows a principal', () => {
  const nobody = undefined

  it.each([
    ['everyone, where everyone is allowed', ['everyone'], [], 'everyone', nobody, 'inside'],
    ['everyone, where some are denied', ['everyone'], ['user:ana'], 'everyone', nobody, 'inside'],
    ['everyone, where only some are allowed', ['group:ops'], [], 'everyone', nobody, 'outside'],
    ['everyone, where everyone is denied', ['everyone'], ['everyone'], 'everyone', nobody, 'outside'],
    ['a group that is allowed', ['group:ops'], [], 'group:ops', nobody, 'inside'],
    ['a group, where everyone is allowed', ['everyone'], [], 'group:ops', nobody, 'inside'],
    ['a group that is denied', ['everyone'], ['group:ops'], 'group:ops', nobody, 'outside'],
    ['a group, where a user of its name is allowed', ['user:ops'], [], 'group:ops', nobody, 'outside'],
    ['a user who is allowed', ['user:ana'], [], 'user:ana', nobody, 'inside'],
    ['a user, where everyone is allowed', ['everyone'], [], 'user:ana', nobody, 'inside'],
    ['a user who is denied', ['everyone'], ['user:ana'], 'user:ana', nobody, 'outside'],
    ['a user, where everyone is denied', ['user:ana'], ['everyone'], 'user:ana', nobody, 'outside'],
    ['a user, where others are allowed', ['user:ben'], ['group:dev'], 'user:ana', nobody, 'outside'],
    ['a user, where nobody is allowed', [], [], 'user:ana', nobody, 'outside'],
    ['an unknown user, where groups are allowed', ['group:ops'], [], 'user:ana', nobody, 'unknown'],
    [
      'an unknown user who is allowed, where groups are denied',
      ['user:ana'],
      ['group:dev'],
      'user:ana',
      nobody,
      'unknown',
    ],
    [
      'an unknown user who is denied, where groups are allowed',
      ['group:ops'],
      ['user:ana'],
      'user:ana',
      nobody,
      'outside',
    ],
    ['a user of a group that is allowed', ['group:ops'], [], 'user:ana', ['dev', 'ops'], 'inside'],
    ['a user of no group that is allowed', ['group:ops'], [], 'user:ana', ['dev'], 'outside'],
    ['a user of no group at all', ['group:ops'], [], 'user:ana', [], 'outside'],
    [
      'a user of a group that is denied',
      ['everyone', 'user:ana'],
      ['group:dev'],
      'user:ana',
      ['ops', 'dev'],
      'outside',
    ],
    ['a user of no group that is denied', ['everyone'], ['group:dev'], 'user:ana', ['ops'], 'inside'],
  ])('%s', (_, allowed, denied, principal, groups, verdict) => {
    expect(scopeOf(categoryOf('c', { allowed, denied }), principal, groups)).toBe(verdict)
  })
})

describe('requiring scope', () => {
  const required = (...principals: string[]) => requireScope(app, 'c', principals)

  it('names those whom the category does not allow, before those whom nobody knows', async () => {
    app.categories.put(categoryOf('c', { allowed: ['group:ops'] }))
    await seen('ana', 'ops')
    await seen('ben', 'dev')
    await required('user:ana', 'group:ops')
    expect(await refusal(required('user:ana', 'user:new', 'user:ben', 'everyone'))).toMatchObject({
      code: 'not_in_scope',
      details: { principals: ['user:ben', 'everyone'] },
    })
    expect(await refusal(required('user:ana', 'user:new'))).toMatchObject({
      code: 'unknown_principal',
      details: { principals: ['user:new'] },
    })
  })

  it('names the field that is wrong, where there is more than one', async () => {
    app.categories.put(categoryOf('c', { allowed: [] }))
    const refused = await refusal(requireScope(app, 'c', ['user:ana'], 'managers'))
    expect(refused.details).toEqual({ field: 'managers', principals: ['user:ana'] })
  })

  it('looks nobody up whose groups decide nothing', async () => {
    app.categories.put(categoryOf('c'))
    const groupsOf = jest.fn(async (_users: readonly string[]) => new Map<string, string[]>())
    await requireScope({ ...app, people: { groupsOf } }, 'c', ['user:ana', 'group:ops'])
    expect(groupsOf.mock.calls.flat(2)).toEqual([])
  })

  it('allows nobody in a category that is not there', async () => {
    expect((await refusal(requireScope(app, 'none', ['everyone']))).code).toBe('not_in_scope')
  })
})

it('leaves somebody whose groups nobody knows inside only where they are allowed by name', async () => {
  await seen('dev', 'dev')
  const category = categoryOf('c', { allowed: ['group:ops', 'user:new', 'user:dev'], denied: ['group:dev'] })
  const principals = ['user:new', 'user:other', 'user:dev', 'group:ops', 'group:dev', 'everyone']
  expect(await outOfScope(app.people, category, principals)).toEqual([
    'user:other',
    'user:dev',
    'group:dev',
    'everyone',
  ])
})

describe('remembering somebody', () => {
  const ana = { user: 'ana', name: 'Ana', groups: ['ops', 'dev'], seenAt: 1 }

  it('writes only what is new, and groups in whatever order are the same', async () => {
    await saveProfile(app.people, ana)
    await saveProfile(app.people, { ...ana, groups: ['dev', 'ops', 'dev'], seenAt: 2 })
    expect(app.people.writes).toBe(1)
    expect(await app.people.find('ana')).toEqual({ ...ana, groups: ['dev', 'ops'] })
  })

  it.each([{ name: 'Anna' }, { groups: ['ops'] }, { groups: ['dev', 'ops', 'sec'] }, { groups: [] }])(
    'writes %j',
    async (change) => {
      await saveProfile(app.people, ana)
      await saveProfile(app.people, { ...ana, ...change, seenAt: 2 })
      expect(app.people.writes).toBe(2)
      expect(await app.people.find('ana')).toMatchObject({ ...change, seenAt: 2 })
    },
  )
})
