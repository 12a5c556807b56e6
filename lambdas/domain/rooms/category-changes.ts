import {
  builtInCategory,
  type Category,
  type CategoryStore,
  findCategory,
  inScope,
  listCategories,
  mayCreateIn,
  noCategory,
} from '../access/categories.ts'
import { type Caller, type Principal, principalsOf, requireAdmin } from '../access/principals.ts'
import { Refusal } from '../errors.ts'
import { isSameName } from '../names.ts'
import { categoryChanged, categoryCreated, categoryDeleted } from './acts.ts'

/** The settings of a category that an administrator chooses. */
export type CategorySettings = Pick<
  Category,
  'name' | 'description' | 'allowed' | 'denied' | 'creators' | 'invitations' | 'history' | 'files'
>

/** The settings to change. A setting that is left out stays. */
export type CategoryChange = { [Setting in keyof CategorySettings]?: CategorySettings[Setting] | undefined }

/** A whole category must fit into one frame. */
const maxListedCharacters = 8000

export async function createCategory(
  store: CategoryStore,
  caller: Caller,
  settings: CategorySettings,
  categoryId: string,
  now: number,
): Promise<Category> {
  requireAdmin(caller)
  const audit = { createdAt: now, createdBy: caller.user, updatedAt: now, updatedBy: caller.user }
  const category = bounded({ categoryId, ...settingsOf(settings, settings), version: 1, ...audit })
  if (takesBuiltInName(category) || (await store.create(category, categoryCreated(category))) === 'name_taken')
    throw duplicateCategory()
  return category
}

/**
 * Changes the settings of a category. Without a difference, nothing is stored and the version stays. Throws `conflict`
 * if the version is not the current one.
 */
export async function updateCategory(
  store: CategoryStore,
  caller: Caller,
  categoryId: string,
  version: number,
  change: CategoryChange,
  now: number,
): Promise<Category> {
  requireAdmin(caller)
  const before = await findCategory(store, categoryId)
  if (!before) throw noCategory()
  if (before.version !== version) throw staleCategory(before)
  const settings = settingsOf(before, change)
  if (sameSettings(settings, before)) return before
  const audit = { version: version + 1, updatedAt: now, updatedBy: caller.user }
  const after = bounded({ ...before, ...settings, ...audit })
  if (takesBuiltInName(after)) throw duplicateCategory()
  const outcome = await store.replace(before, after, categoryChanged(before, after))
  if (outcome === 'name_taken') throw duplicateCategory()
  if (outcome === 'stale') throw staleCategory(await findCategory(store, categoryId))
  return after
}

export async function deleteCategory(
  store: CategoryStore,
  caller: Caller,
  categoryId: string,
  now: number,
): Promise<void> {
  requireAdmin(caller)
  if (categoryId === builtInCategory.categoryId)
    throw new Refusal('forbidden', 'The built-in category cannot be deleted.')
  const category = await store.find(categoryId)
  if (!category) throw noCategory()
  const outcome = await store.remove(category, categoryDeleted(category, caller.user, now))
  if (outcome === 'occupied') {
    throw new Refusal('conflict', 'There are rooms in the category. Move or delete them first, disabled ones too.')
  }
  if (outcome === 'stale') throw staleCategory(await store.find(categoryId))
}

/** All categories for an administrator. For other users, the categories whose scope includes them. */
export async function visibleCategories(store: CategoryStore, caller: Caller, creatable: boolean): Promise<Category[]> {
  const categories = await listCategories(store)
  const principals = principalsOf(caller)
  const qualifies = creatable ? mayCreateIn : inScope
  return caller.admin ? categories : categories.filter((category) => qualifies(category, principals))
}

const once = (principals: Principal[]) => [...new Set(principals)]

const settingsOf = (before: CategorySettings, change: CategoryChange): CategorySettings => ({
  name: change.name ?? before.name,
  description: change.description ?? before.description,
  allowed: once(change.allowed ?? before.allowed),
  denied: once(change.denied ?? before.denied),
  creators: once(change.creators ?? before.creators),
  invitations: change.invitations ?? before.invitations,
  history: change.history ?? before.history,
  files: change.files ?? before.files,
})

const listsOf = ({ allowed, denied, creators }: CategorySettings) => [allowed, denied, creators]

const sameSettings = (settings: CategorySettings, before: CategorySettings): boolean =>
  (['name', 'description', 'invitations', 'history', 'files'] as const).every(
    (each) => settings[each] === before[each],
  ) && listsOf(settings).every((list, at) => list.join('\n') === listsOf(before)[at]?.join('\n'))

function bounded(category: Category): Category {
  const listed = listsOf(category).flat().join('').length
  if (listed <= maxListedCharacters) return category
  throw new Refusal(
    'limit_exceeded',
    `The lists of a category hold at most ${maxListedCharacters} characters together.`,
  )
}

/** The name of the built-in category is reserved even after it was renamed. No stored item reserves it. */
const takesBuiltInName = ({ categoryId, name }: Category): boolean =>
  categoryId !== builtInCategory.categoryId && isSameName(name, builtInCategory.name)

const duplicateCategory = () => new Refusal('duplicate_name', 'Another category has this name.')

const staleCategory = (current: Category | undefined) =>
  current
    ? new Refusal('conflict', 'The category was changed meanwhile.', { details: { version: current.version } })
    : noCategory()
