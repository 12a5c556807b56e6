import { builtInCategory, type Category } from '../../lambdas/domain/access/categories.ts'
import { categoryOf, roomOf } from '../support/memory/fixtures.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every CategoryStore. */
export function categoryContract(stores: () => Stores): void {
  const categories = () => stores().categories

  const newCategory = (settings: Partial<Category> = {}): Category => {
    const categoryId = fresh('category')
    return categoryOf(categoryId, { name: `Name of ${categoryId}`, ...settings })
  }

  const next = (category: Category, settings: Partial<Category> = {}): Category => ({
    ...category,
    version: category.version + 1,
    ...settings,
  })

  async function created(settings: Partial<Category> = {}): Promise<Category> {
    const category = newCategory(settings)
    expect(await categories().create(category)).toBe('created')
    return category
  }

  const room = (categoryId: string) => roomOf(fresh('room'), { name: fresh('Room in category'), categoryId })

  it('returns a category exactly as it was stored', async () => {
    const category = categoryOf(fresh('category'), {
      name: 'Ünïcode 😀',
      description: 'a\nb',
      allowed: ['everyone', 'group:ops'],
      denied: ['user:mallory'],
      creators: [],
      history: false,
      version: 7,
      updatedBy: 'ana',
    })
    await stores().putCategory(category)
    expect(await categories().find(category.categoryId)).toEqual(category)
  })

  it('finds many categories at once, without those that do not exist', async () => {
    const [one, two] = [await created(), await created()]
    const found = await categories().findAll([two.categoryId, fresh('category'), one.categoryId])
    expect(found.sort((a, b) => (a.categoryId < b.categoryId ? -1 : 1))).toEqual([one, two])
    expect(await categories().findAll([])).toEqual([])
  })

  it('lists all categories by id, including new ones', async () => {
    const mark = fresh('listed')
    const [a, b, c] = [categoryOf(`${mark} a`), categoryOf(`${mark} b`), categoryOf(`${mark} ü😀`, { files: false })]
    for (const category of [c, a, b]) await stores().putCategory(category)
    const listed = await categories().list()
    expect(listed.filter((category) => category.categoryId.startsWith(mark))).toEqual([a, b, c])
  })

  it('does not find a category that was never stored', async () => {
    expect(await categories().find(fresh('category'))).toBeUndefined()
  })

  it('creates a category with every setting', async () => {
    const settings = { description: 'x', denied: ['group:a'], creators: ['user:ana'], invitations: false, files: false }
    const category = await created(settings)
    expect(await categories().find(category.categoryId)).toEqual(category)
    expect(await categories().list()).toContainEqual(category)
  })

  it('creates exactly one of ten categories with the same name, and stores nothing of the others', async () => {
    const name = fresh('Wanted category')
    const wanted = Array.from({ length: 10 }, (_, nr) => newCategory({ name: nr % 2 ? name : name.toUpperCase() }))
    const outcomes = await Promise.all(wanted.map((category) => categories().create(category)))
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
    for (const [at, { categoryId }] of wanted.entries()) {
      expect((await categories().find(categoryId)) !== undefined).toBe(outcomes[at] === 'created')
    }
  })

  it('accepts exactly one of many concurrent changes of the same version', async () => {
    const before = await created()
    const wanted = Array.from({ length: 6 }, (_, nr) => next(before, { description: `By ${nr}` }))
    const outcomes = await Promise.all(wanted.map((after) => categories().replace(before, after)))
    expect(outcomes.toSorted()).toEqual(['replaced', 'stale', 'stale', 'stale', 'stale', 'stale'])
    expect(await categories().find(before.categoryId)).toEqual(wanted[outcomes.indexOf('replaced')])
  })

  it('frees the old name after a rename, but not if only the case changes', async () => {
    const first = await created()
    const renamed = next(first, { name: fresh('Renamed') })
    expect(await categories().replace(first, renamed)).toBe('replaced')
    const upperCase = next(renamed, { name: renamed.name.toUpperCase() })
    expect(await categories().replace(renamed, upperCase)).toBe('replaced')
    expect(await categories().create(newCategory({ name: renamed.name }))).toBe('name_taken')
    expect(await categories().create(newCategory({ name: first.name }))).toBe('created')
  })

  it('rejects a change to the name of another category completely', async () => {
    const other = await created()
    const before = await created()
    const change = next(before, { name: other.name.toUpperCase(), description: 'new' })
    expect(await categories().replace(before, change)).toBe('name_taken')
    expect(await categories().find(before.categoryId)).toEqual(before)
  })

  it('stores the first change of the built-in category once', async () => {
    const after = next(builtInCategory, { description: fresh('Changed') })
    const outcomes = await Promise.all([
      categories().replace(builtInCategory, after),
      categories().replace(builtInCategory, after),
    ])
    expect(outcomes.toSorted()).toEqual(['replaced', 'stale'])
    expect(await categories().find(builtInCategory.categoryId)).toEqual(after)
    expect(await categories().replace(after, next(after, { description: '' }))).toBe('replaced')
  })

  it('does not restore a removed category by a change', async () => {
    const category = await created()
    await categories().remove(category)
    expect(await categories().replace(category, next(category))).toBe('stale')
    expect(await categories().find(category.categoryId)).toBeUndefined()
  })

  it('removes an empty category and frees its name', async () => {
    const category = await created()
    expect(await categories().remove(category)).toBe('removed')
    expect(await categories().remove(category)).toBe('stale')
    expect(await categories().find(category.categoryId)).toBeUndefined()
    expect(await categories().create(newCategory({ name: category.name }))).toBe('created')
  })

  it('does not remove a category under an old version', async () => {
    const category = await created()
    await categories().replace(category, next(category))
    expect(await categories().remove(category)).toBe('stale')
  })

  it('does not remove a category that has rooms, even after a change of the category', async () => {
    const category = await created()
    const [one, two] = [room(category.categoryId), room(category.categoryId)]
    await stores().rooms.create(one, undefined)
    await stores().rooms.create(two, undefined)
    const after = next(category, { description: 'new' })
    await categories().replace(category, after)
    expect(await categories().remove(after)).toBe('occupied')
    await stores().rooms.remove(one)
    expect(await categories().remove(after)).toBe('occupied')
    const elsewhere = { ...two, categoryId: 'general', version: 2 }
    await stores().rooms.replace(two, elsewhere)
    expect(await categories().remove(after)).toBe('removed')
  })

  it('does not count rooms whose creation, move or removal failed', async () => {
    const category = await created()
    const { categoryId } = category
    const first = room(categoryId)
    await stores().rooms.create(first, fresh('request'))
    expect(await stores().rooms.create({ ...room(categoryId), name: first.name }, undefined)).toBe('name_taken')
    const outside = room('general')
    await stores().rooms.create(outside, undefined)
    const entering = { ...outside, categoryId, name: first.name, version: 2 }
    expect(await stores().rooms.replace(outside, entering)).toBe('name_taken')
    expect(await stores().rooms.replace({ ...outside, version: 9 }, { ...outside, categoryId, version: 10 })).toBe(
      'stale',
    )
    expect(await stores().rooms.remove({ ...first, version: 9 })).toBe('stale')
    expect(await stores().rooms.remove(first)).toBe('removed')
    expect(await stores().rooms.remove(first)).toBe('stale')
    expect(await categories().remove(category)).toBe('removed')
  })

  it('either adds rooms to a category or removes the category, never both', async () => {
    for (let round = 0; round < 8; round++) {
      const category = await created()
      const { categoryId } = category
      const moving = room('general')
      await stores().rooms.create(moving, undefined)
      const [removed, made, moved] = await Promise.all([
        categories().remove(category),
        stores().rooms.create(room(categoryId), undefined),
        stores().rooms.replace(moving, { ...moving, categoryId, version: 2 }),
      ])
      const entered = [made === 'created', moved === 'replaced'].filter(Boolean).length
      expect({ removed, entered }).toEqual(
        removed === 'removed' ? { removed, entered: 0 } : { removed: 'occupied', entered: 2 },
      )
      expect((await categories().find(categoryId)) === undefined).toBe(removed === 'removed')
      if (entered === 0) expect([made, moved]).toEqual(['no_category', 'no_category'])
    }
  })

  it('counts rooms exactly under concurrent changes', async () => {
    const [one, two] = [await created(), await created()]
    const rooms = Array.from({ length: 6 }, () => room(one.categoryId))
    await Promise.all(rooms.map((each) => stores().rooms.create(each, undefined)))
    const moves = rooms.map((each) => ({ ...each, categoryId: two.categoryId, version: 2 }))
    await Promise.all(
      rooms.flatMap((each, nr) => {
        const after = moves[nr] ?? each
        return [stores().rooms.replace(each, after), stores().rooms.replace(each, after)]
      }),
    )
    expect(await categories().remove(one)).toBe('removed')
    await Promise.all(moves.slice(1).flatMap((each) => [stores().rooms.remove(each), stores().rooms.remove(each)]))
    expect(await categories().remove(two)).toBe('occupied')
    for (const each of moves.slice(0, 1)) await stores().rooms.remove(each)
    expect(await categories().remove(two)).toBe('removed')
  })
}
