import { builtInCategory, type Category } from '../../lambdas/domain/access/categories.ts'
import {
  type CategoryChange,
  type CategorySettings,
  createCategory,
  deleteCategory,
  updateCategory,
  visibleCategories,
} from '../../lambdas/domain/rooms/category-changes.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, furnish, person } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp
const ana = person('ana', { groups: ['staff'] })
const root = person('root', { admin: true })

beforeEach(() => {
  app = memoryApp()
})

const wish: CategorySettings = {
  name: 'Staff',
  description: '',
  allowed: ['group:staff'],
  denied: [],
  creators: ['user:ana'],
  invitations: true,
  history: true,
  files: true,
}

const create = (more: Partial<CategorySettings> = {}, caller = root) =>
  createCategory(app.categories, caller, { ...wish, ...more }, app.newId(), app.clock.now())

const update = ({ categoryId, version }: Category, change: CategoryChange, caller = root) =>
  updateCategory(app.categories, caller, categoryId, version, change, app.clock.now())

describe('a category', () => {
  it('keeps its maker and its beginning through every change', async () => {
    const first = await create()
    app.clock.time += 1000
    const second = await update(first, { files: false }, person('admin', { admin: true }))
    expect(second).toEqual({ ...first, files: false, version: 2, updatedAt: app.clock.now(), updatedBy: 'admin' })
    expect(await app.categories.find(first.categoryId)).toEqual(second)
  })

  it.each<CategoryChange>([
    {},
    { name: 'Staff', description: '', history: true },
    { allowed: ['group:staff'], denied: [], creators: ['user:ana', 'user:ana'] },
    { name: undefined, allowed: undefined },
  ])('stays as it is when %j is nothing new', async (change) => {
    const category = await create()
    expect(await update(category, change)).toEqual(category)
  })

  it('says who made it, and when', async () => {
    expect(await create()).toMatchObject({
      createdAt: app.clock.now(),
      createdBy: 'root',
      updatedAt: app.clock.now(),
      updatedBy: 'root',
      version: 1,
    })
  })

  it('changes where a list does, even to one that reads the same without its ends', async () => {
    const category = await create({ allowed: ['user:a', 'user:b'] })
    expect(await update(category, { allowed: ['user:a', 'user:b'] })).toEqual(category)
    expect(await update(category, { allowed: ['user:auser:b'] })).toMatchObject({ version: 2 })
  })

  it('is refused when another takes its name, or changes it, at the same moment', async () => {
    const category = await create()
    const replace = jest.spyOn(app.categories, 'replace')
    replace.mockResolvedValueOnce('name_taken')
    expect(await refusal(update(category, { name: 'Crew' }))).toMatchObject({ code: 'duplicate_name' })
    replace.mockResolvedValueOnce('stale')
    expect(await refusal(update(category, { name: 'Crew' }))).toMatchObject({
      code: 'conflict',
      details: { version: 1 },
    })
  })

  it('has lists of 8,000 characters together, and no more', async () => {
    const list = (length: number) => [`user:${'x'.repeat(length - 5)}`]
    const lists = { allowed: list(100), denied: list(100) }
    expect(await create({ ...lists, creators: list(7800) })).toMatchObject({ version: 1 })
    expect(await refusal(create({ name: 'B', ...lists, creators: list(7801) }))).toMatchObject({
      code: 'limit_exceeded',
    })
  })

  it('has lists that a frame can carry', async () => {
    const long = (count: number) => Array.from({ length: count }, (_, nr) => `user:${nr}`.padEnd(100, 'x'))
    const category = await create({ allowed: long(40), denied: long(39) })
    expect((await refusal(update(category, { creators: long(2) }))).code).toBe('limit_exceeded')
    expect((await refusal(create({ name: 'Other', allowed: long(81) }))).code).toBe('limit_exceeded')
  })

  it('that is gone is neither changed nor deleted', async () => {
    const category = await create()
    await deleteCategory(app.categories, root, category.categoryId)
    for (const work of [update(category, {}), deleteCategory(app.categories, root, category.categoryId)]) {
      expect(await refusal(work)).toMatchObject({ code: 'not_found', details: { field: 'categoryId' } })
    }
  })

  it('is not deleted when it changes at the same moment', async () => {
    const category = await create()
    const find = jest.spyOn(app.categories, 'find').mockResolvedValueOnce(category)
    await app.categories.replace(category, { ...category, version: 2 })
    expect(await refusal(deleteCategory(app.categories, root, category.categoryId))).toMatchObject({
      code: 'conflict',
      details: { version: 2 },
    })
    find.mockRestore()
  })

  it('with a room is not deleted', async () => {
    const { categoryId } = await create()
    await furnish(app, 'r', { categoryId })
    expect((await refusal(deleteCategory(app.categories, root, categoryId))).code).toBe('conflict')
    expect(await app.categories.find(categoryId)).toBeDefined()
  })

  it('is nobody’s but an administrator’s to make, to change and to delete', async () => {
    const category = await create()
    for (const work of [
      create({ name: 'Other' }, ana),
      update(category, { name: 'Other' }, ana),
      deleteCategory(app.categories, ana, category.categoryId),
      deleteCategory(app.categories, ana, 'none'),
    ]) {
      expect((await refusal(work)).code).toBe('forbidden')
    }
  })
})

describe('the built-in category', () => {
  it('is changed like any other, from the version that a reader sees', async () => {
    expect((await refusal(update({ ...builtInCategory, version: 0 }, { files: false }))).details).toEqual({
      version: 1,
    })
    const stored = await update(builtInCategory, { files: false, name: 'Lounge' })
    expect(stored).toMatchObject({ categoryId: 'general', version: 2, files: false, name: 'Lounge' })
    expect(await visibleCategories(app.categories, root, false)).toEqual([stored])
    expect((await refusal(update(builtInCategory, { files: true }))).details).toEqual({ version: 2 })
    expect((await update(stored, { name: 'GENERAL' })).name).toBe('GENERAL')
  })

  it('keeps its first name to itself, whatever it is called', async () => {
    await update(builtInCategory, { name: 'Lounge' })
    const other = await create()
    for (const work of [
      create({ name: 'ＧＥＮＥＲＡＬ' }),
      update(other, { name: 'general' }),
      create({ name: 'lounge' }),
    ]) {
      expect((await refusal(work)).code).toBe('duplicate_name')
    }
  })

  it('is never deleted', async () => {
    expect((await refusal(deleteCategory(app.categories, root, 'general'))).code).toBe('forbidden')
  })
})

it('shows each category to those who are in its scope, and what they may create in when that is asked', async () => {
  for (const [id, settings] of Object.entries({
    a: { allowed: ['group:staff'], creators: [] },
    b: { allowed: ['group:staff'], creators: ['group:staff'] },
    c: { denied: ['user:ana'] },
    d: { allowed: ['user:ben'], creators: ['user:ana'] },
  })) {
    app.categories.put(categoryOf(id, settings))
  }
  const seen = async (caller: typeof ana, creatable: boolean) =>
    (await visibleCategories(app.categories, caller, creatable)).map(({ categoryId }) => categoryId)
  expect(await seen(ana, false)).toEqual(['general', 'a', 'b'])
  expect(await seen(ana, true)).toEqual(['general', 'b'])
  expect(await seen(root, true)).toEqual(['general', 'a', 'b', 'c', 'd'])
})
