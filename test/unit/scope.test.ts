import { outOfScope, requireScope, scopeOf } from '../../lambdas/domain/access/scope.ts'
import { saveProfile } from '../../lambdas/domain/people/profiles.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
})

const addProfile = (user: string, ...groups: string[]) => app.people.put({ user, name: user, groups, seenAt: 1 })

describe('the scope of a category', () => {
  const unknown = undefined

  it.each([
    ['everyone, if everyone is allowed', ['everyone'], [], 'everyone', unknown, 'inside'],
    ['everyone, if some users are denied', ['everyone'], ['user:ana'], 'everyone', unknown, 'inside'],
    ['everyone, if only a group is allowed', ['group:ops'], [], 'everyone', unknown, 'outside'],
    ['everyone, if everyone is denied', ['everyone'], ['everyone'], 'everyone', unknown, 'outside'],
    ['an allowed group', ['group:ops'], [], 'group:ops', unknown, 'inside'],
    ['a group, if everyone is allowed', ['everyone'], [], 'group:ops', unknown, 'inside'],
    ['a denied group', ['everyone'], ['group:ops'], 'group:ops', unknown, 'outside'],
    ['a group, if a user with its name is allowed', ['user:ops'], [], 'group:ops', unknown, 'outside'],
    ['an allowed user', ['user:ana'], [], 'user:ana', unknown, 'inside'],
    ['a user, if everyone is allowed', ['everyone'], [], 'user:ana', unknown, 'inside'],
    ['a denied user', ['everyone'], ['user:ana'], 'user:ana', unknown, 'outside'],
    ['a user, if everyone is denied', ['user:ana'], ['everyone'], 'user:ana', unknown, 'outside'],
    ['a user, if others are allowed', ['user:ben'], ['group:dev'], 'user:ana', unknown, 'outside'],
    ['a user, if no principal is allowed', [], [], 'user:ana', unknown, 'outside'],
    ['an unknown user, if groups are allowed', ['group:ops'], [], 'user:ana', unknown, 'unknown'],
    [
      'an unknown user who is allowed, if groups are denied',
      ['user:ana'],
      ['group:dev'],
      'user:ana',
      unknown,
      'unknown',
    ],
    [
      'an unknown user who is denied, if groups are allowed',
      ['group:ops'],
      ['user:ana'],
      'user:ana',
      unknown,
      'outside',
    ],
    ['a user in an allowed group', ['group:ops'], [], 'user:ana', ['dev', 'ops'], 'inside'],
    ['a user in another group than the allowed one', ['group:ops'], [], 'user:ana', ['dev'], 'outside'],
    ['a user without groups', ['group:ops'], [], 'user:ana', [], 'outside'],
    ['a user in a denied group', ['everyone', 'user:ana'], ['group:dev'], 'user:ana', ['ops', 'dev'], 'outside'],
    ['a user in another group than the denied one', ['everyone'], ['group:dev'], 'user:ana', ['ops'], 'inside'],
  ])('is correct for %s', (_, allowed, denied, principal, groups, result) => {
    expect(scopeOf(categoryOf('c', { allowed, denied }), principal, groups)).toBe(result)
  })
})

describe('the check of the scope', () => {
  const requireFor = (...principals: string[]) => requireScope(app, 'c', principals)

  it('names principals out of scope, or else unknown ones', async () => {
    app.categories.put(categoryOf('c', { allowed: ['group:ops'] }))
    await addProfile('ana', 'ops')
    await addProfile('ben', 'dev')
    await requireFor('user:ana', 'group:ops')
    expect(await refusal(requireFor('user:ana', 'user:new', 'user:ben', 'everyone'))).toMatchObject({
      code: 'not_in_scope',
      details: { principals: ['user:ben', 'everyone'] },
    })
    expect(await refusal(requireFor('user:ana', 'user:new'))).toMatchObject({
      code: 'unknown_principal',
      details: { principals: ['user:new'] },
    })
  })

  it('names the wrong field if it is given', async () => {
    app.categories.put(categoryOf('c', { allowed: [] }))
    const refused = await refusal(requireScope(app, 'c', ['user:ana'], 'managers'))
    expect(refused.details).toEqual({ field: 'managers', principals: ['user:ana'] })
  })

  it('does not read groups that do not matter', async () => {
    app.categories.put(categoryOf('c'))
    const groupsOf = jest.fn(async (_users: readonly string[]) => new Map<string, string[]>())
    await requireScope({ ...app, people: { groupsOf } }, 'c', ['user:ana', 'group:ops'])
    expect(groupsOf.mock.calls.flat(2)).toEqual([])
  })

  it('refuses every principal in a category that does not exist', async () => {
    expect((await refusal(requireScope(app, 'none', ['everyone']))).code).toBe('not_in_scope')
  })
})

it('a user without a profile is in scope only if allowed as a user', async () => {
  await addProfile('dev', 'dev')
  const category = categoryOf('c', { allowed: ['group:ops', 'user:new', 'user:dev'], denied: ['group:dev'] })
  const principals = ['user:new', 'user:other', 'user:dev', 'group:ops', 'group:dev', 'everyone']
  expect(await outOfScope(app.people, category, principals)).toEqual([
    'user:other',
    'user:dev',
    'group:dev',
    'everyone',
  ])
})

describe('a profile', () => {
  const ana = { user: 'ana', name: 'Ana', groups: ['ops', 'dev'], seenAt: 1 }

  it('is stored only if it changes, and the order of its groups does not matter', async () => {
    await saveProfile(app.people, ana)
    await saveProfile(app.people, { ...ana, groups: ['dev', 'ops', 'dev'], seenAt: 2 })
    expect(app.people.writes).toBe(1)
    expect(await app.people.find('ana')).toEqual({ ...ana, groups: ['dev', 'ops'] })
  })

  it.each([{ name: 'Anna' }, { groups: ['ops'] }, { groups: ['dev', 'ops', 'sec'] }, { groups: [] }])(
    'is stored with the change %j',
    async (change) => {
      await saveProfile(app.people, ana)
      await saveProfile(app.people, { ...ana, ...change, seenAt: 2 })
      expect(app.people.writes).toBe(2)
      expect(await app.people.find('ana')).toMatchObject({ ...change, seenAt: 2 })
    },
  )
})
