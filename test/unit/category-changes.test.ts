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
import { addRoom, categoryOf, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp
const ana = person('ana', { groups: ['staff'] })
const root = person('root', { admin: true })

beforeEach(() => {
  app = memoryApp()
})

const defaults: CategorySettings = {
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
  createCategory(app.categories, caller, { ...defaults, ...more }, app.newId(), app.clock.now())

const update = ({ categoryId, version }: Category, change: CategoryChange, caller = root) =>
  updateCategory(app.categories, caller, categoryId, version, change, app.clock.now())

describe('a category', () => {
  it('keeps its creator and its creation time after a change', async () => {
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
  ])('does not change if %j contains no new value', async (change) => {
    const category = await create()
    expect(await update(category, change)).toEqual(category)
  })

  it('stores its creator and its creation time', async () => {
    expect(await create()).toMatchObject({
      createdAt: app.clock.now(),
      createdBy: 'root',
      updatedAt: app.clock.now(),
      updatedBy: 'root',
      version: 1,
    })
  })

  it('changes if a list changes, even if the joined entries look the same', async () => {
    const category = await create({ allowed: ['user:a', 'user:b'] })
    expect(await update(category, { allowed: ['user:a', 'user:b'] })).toEqual(category)
    expect(await update(category, { allowed: ['user:auser:b'] })).toMatchObject({ version: 2 })
  })

  it('refuses a change if its new name is taken or it changes concurrently', async () => {
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

  it('has at most 8,000 characters in its lists', async () => {
    const list = (length: number) => [`user:${'x'.repeat(length - 5)}`]
    const lists = { allowed: list(100), denied: list(100) }
    expect(await create({ ...lists, creators: list(7800) })).toMatchObject({ version: 1 })
    expect(await refusal(create({ name: 'B', ...lists, creators: list(7801) }))).toMatchObject({
      code: 'limit_exceeded',
    })
  })

  it('has lists that fit in a frame', async () => {
    const long = (count: number) => Array.from({ length: count }, (_, nr) => `user:${nr}`.padEnd(100, 'x'))
    const category = await create({ allowed: long(40), denied: long(39) })
    expect((await refusal(update(category, { creators: long(2) }))).code).toBe('limit_exceeded')
    expect((await refusal(create({ name: 'Other', allowed: long(81) }))).code).toBe('limit_exceeded')
  })

  it('that is deleted cannot be changed or deleted', async () => {
    const category = await create()
    await deleteCategory(app.categories, root, category.categoryId, 9)
    for (const call of [update(category, {}), deleteCategory(app.categories, root, category.categoryId, 9)]) {
      expect(await refusal(call)).toMatchObject({ code: 'not_found', details: { field: 'categoryId' } })
    }
  })

  it('is not deleted if it changes concurrently', async () => {
    const category = await create()
    const find = jest.spyOn(app.categories, 'find').mockResolvedValueOnce(category)
    await app.categories.replace(category, { ...category, version: 2 })
    expect(await refusal(deleteCategory(app.categories, root, category.categoryId, 9))).toMatchObject({
      code: 'conflict',
      details: { version: 2 },
    })
    find.mockRestore()
  })

  it('with a room cannot be deleted', async () => {
    const { categoryId } = await create()
    await addRoom(app, 'r', { categoryId })
    expect((await refusal(deleteCategory(app.categories, root, categoryId, 9))).code).toBe('conflict')
    expect(await app.categories.find(categoryId)).toBeDefined()
  })

  it('can be created, changed and deleted only by an administrator', async () => {
    const category = await create()
    for (const call of [
      create({ name: 'Other' }, ana),
      update(category, { name: 'Other' }, ana),
      deleteCategory(app.categories, ana, category.categoryId, 9),
      deleteCategory(app.categories, ana, 'none', 9),
    ]) {
      expect((await refusal(call)).code).toBe('forbidden')
    }
  })
})

describe('the built-in category', () => {
  it('is changed like any other category, starting with version 1', async () => {
    expect((await refusal(update({ ...builtInCategory, version: 0 }, { files: false }))).details).toEqual({
      version: 1,
    })
    const stored = await update(builtInCategory, { files: false, name: 'Lounge' })
    expect(stored).toMatchObject({ categoryId: 'general', version: 2, files: false, name: 'Lounge' })
    expect(await visibleCategories(app.categories, root, false)).toEqual([stored])
    expect((await refusal(update(builtInCategory, { files: true }))).details).toEqual({ version: 2 })
    expect((await update(stored, { name: 'GENERAL' })).name).toBe('GENERAL')
  })

  it('reserves its original name even after a rename', async () => {
    await update(builtInCategory, { name: 'Lounge' })
    const other = await create()
    for (const call of [
      create({ name: 'ＧＥＮＥＲＡＬ' }),
      update(other, { name: 'general' }),
      create({ name: 'lounge' }),
    ]) {
      expect((await refusal(call)).code).toBe('duplicate_name')
    }
  })

  it('cannot be deleted', async () => {
    expect((await refusal(deleteCategory(app.categories, root, 'general', 9))).code).toBe('forbidden')
  })
})

it('a user sees the categories in scope, or on request those where the user may create rooms', async () => {
  for (const [id, settings] of Object.entries({
    a: { allowed: ['group:staff'], creators: [] },
    b: { allowed: ['group:staff'], creators: ['group:staff'] },
    c: { denied: ['user:ana'] },
    d: { allowed: ['user:ben'], creators: ['user:ana'] },
  })) {
    app.categories.put(categoryOf(id, settings))
  }
  const visible = async (caller: typeof ana, creatable: boolean) =>
    (await visibleCategories(app.categories, caller, creatable)).map(({ categoryId }) => categoryId)
  expect(await visible(ana, false)).toEqual(['general', 'a', 'b'])
  expect(await visible(ana, true)).toEqual(['general', 'b'])
  expect(await visible(root, true)).toEqual(['general', 'a', 'b', 'c', 'd'])
})
