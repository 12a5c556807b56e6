import { Refusal } from '../errors.ts'
import { type Caller, everyone, type Principal, principalsOf } from './principals.ts'

/** Bounds its rooms: who may be in them, who may create them, what they may do. */
export interface Category {
  categoryId: string
  name: string
  description: string
  allowed: Principal[]
  denied: Principal[]
  creators: Principal[]
  /** Off here is off in every room of the category. */
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
  /** All of them, by id. There are tens, not thousands. */
  list(): Promise<Category[]>
  /** Stores the category and its name together, or nothing. */
  create(category: Category): Promise<'created' | 'name_taken'>
  /** Stores the category in place of the version before it; a new name is taken and the old one freed with it. */
  replace(before: Category, after: Category): Promise<'replaced' | 'name_taken' | 'stale'>
  /** Deletes the category and frees its name, provided that no room is in it. */
  remove(category: Category): Promise<'removed' | 'occupied' | 'stale'>
}

/** The category of a fresh deployment, until an administrator stores one in its place. It cannot be deleted. */
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

export async function listCategories(store: CategoryStore): Promise<Category[]> {
  const stored = await store.list()
  return stored.some(({ categoryId }) => categoryId === builtInCategory.categoryId)
    ? stored
    : [builtInCategory, ...stored]
}

const names = (list: readonly Principal[], principals: readonly Principal[]) =>
  principals.some((principal) => list.includes(principal))

/** Being denied outweighs being allowed. */
export const inScope = (category: Category, principals: readonly Principal[]): boolean =>
  names(category.allowed, principals) && !names(category.denied, principals)

export const mayCreateIn = (category: Category, principals: readonly Principal[]): boolean =>
  inScope(category, principals) && names(category.creators, principals)

export const noCategory = () =>
  new Refusal('not_found', 'There is no such category.', { details: { field: 'categoryId' } })

/** A category that the caller is not in the scope of and one that is not there are refused alike. */
export function requireCreator(category: Category | undefined, caller: Caller): Category {
  const principals = principalsOf(caller)
  if (!category || !(caller.admin || inScope(category, principals))) throw noCategory()
  if (caller.admin || mayCreateIn(category, principals)) return category
  throw new Refusal('forbidden', 'Only a creator of the category may have rooms in it.')
}

export const keepsHistory = (category: Category | undefined): boolean => category?.history !== false
