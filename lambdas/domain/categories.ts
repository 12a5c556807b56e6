import { everyone, type Principal } from './principals.ts'

/** Bounds its rooms: who may be in them, who may create them, what they may do. */
export interface Category {
  categoryId: string
  name: string
  allowed: Principal[]
  denied: Principal[]
  creators: Principal[]
}

export interface CategoryStore {
  find(categoryId: string): Promise<Category | undefined>
}

/** The category of a fresh deployment, until an administrator stores one in its place. */
export const general: Category = {
  categoryId: 'general',
  name: 'general',
  allowed: [everyone],
  denied: [],
  creators: [everyone],
}

export async function findCategory(store: CategoryStore, categoryId: string): Promise<Category | undefined> {
  const stored = await store.find(categoryId)
  return stored ?? (categoryId === general.categoryId ? general : undefined)
}

const names = (list: readonly Principal[], principals: readonly Principal[]) =>
  principals.some((principal) => list.includes(principal))

/** Being denied outweighs being allowed. */
export const inScope = (category: Category, principals: readonly Principal[]): boolean =>
  names(category.allowed, principals) && !names(category.denied, principals)

export const mayCreateIn = (category: Category, principals: readonly Principal[]): boolean =>
  inScope(category, principals) && names(category.creators, principals)
