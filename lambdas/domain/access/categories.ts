import { Refusal } from '../errors.ts'
import type { RecordEvent } from '../record/record.ts'
import { areGuests, type Caller, everyone, guestOf, type Principal, principalsOf } from './principals.ts'

/**
 * A category limits its rooms: which users may join them, which users may create them, and which features they have.
 */
export interface Category {
  categoryId: string
  name: string
  description: string
  allowed: Principal[]
  denied: Principal[]
  creators: Principal[]
  /** A feature that is off here is off in every room of the category. */
  invitations: boolean
  history: boolean
  files: boolean
  version: number
  /** Milliseconds since 1970. */
  createdAt: number
  createdBy: string
  updatedAt: number
  updatedBy: string
}

export interface CategoryStore {
  find(categoryId: string): Promise<Category | undefined>
  /** The categories that exist, in any order, read in one call. */
  findAll(categoryIds: readonly string[]): Promise<Category[]>
  /** All categories, sorted by id. There are tens of them, not thousands. */
  list(): Promise<Category[]>
  /**
   * Stores the category and its name in one transaction. This and the other changes add the lines to the record of
   * administration in the same transaction.
   */
  create(category: Category, lines?: readonly RecordEvent[]): Promise<'created' | 'name_taken'>
  /**
   * Replaces the previous version of the category. If the name changes, the same transaction reserves the new name and
   * frees the old one.
   */
  replace(
    before: Category,
    after: Category,
    lines?: readonly RecordEvent[],
  ): Promise<'replaced' | 'name_taken' | 'stale'>
  /** Deletes the category and frees its name, if it has no rooms. */
  remove(category: Category, lines?: readonly RecordEvent[]): Promise<'removed' | 'occupied' | 'stale'>
}

/** The category of a new deployment. Administrators may change it but not delete it. */
export const builtInCategory: Category = {
  categoryId: 'general',
  name: 'general',
  description: '',
  allowed: [everyone],
  denied: [],
  creators: [everyone],
  invitations: true,
  history: true,
  files: true,
  version: 1,
  createdAt: 0,
  createdBy: '',
  updatedAt: 0,
  updatedBy: '',
}

export async function findCategory(store: CategoryStore, categoryId: string): Promise<Category | undefined> {
  const stored = await store.find(categoryId)
  return stored ?? (categoryId === builtInCategory.categoryId ? builtInCategory : undefined)
}

/** The categories of these ids that exist, by id. */
export async function findCategories(
  store: CategoryStore,
  categoryIds: readonly string[],
): Promise<Map<string, Category>> {
  const found = await store.findAll([...new Set(categoryIds)])
  const categories = new Map(found.map((category) => [category.categoryId, category]))
  const { categoryId } = builtInCategory
  if (categoryIds.includes(categoryId) && !categories.has(categoryId)) categories.set(categoryId, builtInCategory)
  return categories
}

export async function listCategories(store: CategoryStore): Promise<Category[]> {
  const stored = await store.list()
  return stored.some(({ categoryId }) => categoryId === builtInCategory.categoryId)
    ? stored
    : [builtInCategory, ...stored]
}

const includesAny = (list: readonly Principal[], principals: readonly Principal[]) =>
  principals.some((principal) => list.includes(principal))

/**
 * `denied` has priority over `allowed`. A guest is in scope of a category that admits guests and allows everyone.
 */
export function inScope({ categoryId, allowed, denied }: Category, principals: readonly Principal[]): boolean {
  if (!areGuests(principals)) return includesAny(allowed, principals) && !includesAny(denied, principals)
  const isOpen = allowed.includes(everyone) && !denied.includes(everyone)
  return isOpen && principals.includes(guestOf(categoryId)) && !includesAny(denied, principals)
}

export const mayCreateIn = (category: Category, principals: readonly Principal[]): boolean =>
  !areGuests(principals) && inScope(category, principals) && includesAny(category.creators, principals)

export const noCategory = () =>
  new Refusal('not_found', 'There is no such category.', { details: { field: 'categoryId' } })

/** Throws `not_found` both for a missing category and for a category whose scope excludes the caller. */
export function requireCreator(category: Category | undefined, caller: Caller): Category {
  const principals = principalsOf(caller)
  if (!category || !(caller.admin || inScope(category, principals))) throw noCategory()
  if (caller.admin || mayCreateIn(category, principals)) return category
  throw new Refusal('forbidden', 'Only a creator of the category may have rooms in it.')
}

export const keepsHistory = (category: Category | undefined): boolean => category?.history !== false
