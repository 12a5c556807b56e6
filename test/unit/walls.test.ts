import { moveRoom } from '../../lambdas/routes/move-room.ts'
import { updateCategory } from '../../lambdas/routes/update-category.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, categoryOf, person } from '../support/memory/fixtures.ts'

const ana = person('ana')
const root = person('root', { admin: true })
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  const categories = {
    walled: { denied: ['group:traders', 'user:eve'] },
    narrower: { denied: ['user:eve', 'group:traders', 'user:mallory'] },
    half: { denied: ['group:traders'] },
    open: {},
    unlogged: { denied: ['group:traders', 'user:eve'], history: false },
  }
  for (const [categoryId, settings] of Object.entries(categories)) {
    app.categories.put(categoryOf(categoryId, { creators: ['everyone'], ...settings }))
  }
})

const move = async (from: string, to: string, caller = ana) => {
  await addRoom(app, 'r', { categoryId: from }, { 'user:ana': ['manager', 'member'] })
  return call(app, moveRoom, { roomId: 'r', categoryId: to }, caller)
}

describe('a manager', () => {
  it.each([
    ['open', 'walled'],
    ['walled', 'narrower'],
    ['walled', 'walled'],
    ['open', 'general'],
  ])('may move a room from the category %s to %s, where nobody is let in', async (from, to) => {
    expect(await move(from, to)).toMatchObject({ ok: true, room: { categoryId: to } })
  })

  it.each([
    ['walled', 'open'],
    ['walled', 'general'],
    ['walled', 'half'],
    ['narrower', 'walled'],
    ['walled', 'unlogged'],
    ['unlogged', 'walled'],
    ['unlogged', 'narrower'],
  ])('may not move a room from the category %s to %s', async (from, to) => {
    expect(await move(from, to)).toMatchObject({ error: { code: 'forbidden', details: { field: 'categoryId' } } })
    expect(await app.rooms.find('r')).toMatchObject({ categoryId: from, version: 1 })
  })

  it('learns nothing of a wall to a category that is hidden', async () => {
    app.categories.put(categoryOf('hidden', { allowed: ['group:staff'], creators: ['everyone'] }))
    expect(await move('walled', 'hidden')).toMatchObject({ error: { code: 'not_found' } })
  })

  it('may not open a category for those whom it denies', async () => {
    const change = { categoryId: 'walled', version: 1, denied: [] }
    expect(await call(app, updateCategory, change, ana)).toMatchObject({ error: { code: 'forbidden' } })
  })
})

it('An administrator may move a room through any wall', async () => {
  expect(await move('walled', 'open', root)).toMatchObject({ ok: true, room: { categoryId: 'open' } })
  expect(await call(app, moveRoom, { roomId: 'r', categoryId: 'unlogged' }, root)).toMatchObject({ ok: true })
})
