import type { Category, CategoryStore } from '../../../lambdas/domain/access/categories.ts'
import { builtInCategory } from '../../../lambdas/domain/access/categories.ts'
import { foldName } from '../../../lambdas/domain/names.ts'
import { administration, type RecordEvent } from '../../../lambdas/domain/record/record.ts'
import type { MemoryRecord } from './record.ts'

/** Categories in memory, with the number of rooms in each. */
export class MemoryCategories implements CategoryStore {
  readonly #categories = new Map<string, Category>()
  readonly #names = new Map<string, string>()
  readonly #rooms = new Map<string, number>()
  readonly #record: MemoryRecord

  constructor(record: MemoryRecord) {
    this.#record = record
  }

  async find(categoryId: string): Promise<Category | undefined> {
    return structuredClone(this.#categories.get(categoryId))
  }

  async findAll(categoryIds: readonly string[]): Promise<Category[]> {
    const found = await Promise.all(categoryIds.map((categoryId) => this.find(categoryId)))
    return found.flatMap((category) => category ?? [])
  }

  async list(): Promise<Category[]> {
    return [...this.#categories.values()]
      .sort((a, b) => Buffer.compare(Buffer.from(a.categoryId), Buffer.from(b.categoryId)))
      .map((category) => structuredClone(category))
  }

  async create(category: Category, lines: readonly RecordEvent[] = []): Promise<'created' | 'name_taken'> {
    const name = foldName(category.name)
    if (this.#names.has(name) || this.#categories.has(category.categoryId)) return 'name_taken'
    this.#names.set(name, category.categoryId)
    this.put(category)
    await this.#record.addAll(administration, lines)
    return 'created'
  }

  async replace(
    before: Category,
    after: Category,
    lines: readonly RecordEvent[] = [],
  ): Promise<'replaced' | 'name_taken' | 'stale'> {
    const { categoryId, version } = before
    const builtIn = categoryId === builtInCategory.categoryId ? builtInCategory.version : undefined
    if ((this.#categories.get(categoryId)?.version ?? builtIn) !== version) return 'stale'
    const [old, name] = [foldName(before.name), foldName(after.name)]
    if (old !== name && this.#names.has(name)) return 'name_taken'
    if (old !== name) {
      this.#names.delete(old)
      this.#names.set(name, categoryId)
    }
    this.put(after)
    await this.#record.addAll(administration, lines)
    return 'replaced'
  }

  async remove(
    { categoryId, version, name }: Category,
    lines: readonly RecordEvent[] = [],
  ): Promise<'removed' | 'occupied' | 'stale'> {
    if ((this.#rooms.get(categoryId) ?? 0) > 0) return 'occupied'
    if (this.#categories.get(categoryId)?.version !== version) return 'stale'
    this.#categories.delete(categoryId)
    this.#names.delete(foldName(name))
    await this.#record.addAll(administration, lines)
    return 'removed'
  }

  /** Stores a category without the domain's checks. */
  put(category: Category): void {
    this.#categories.set(category.categoryId, structuredClone(category))
  }

  has(categoryId: string): boolean {
    return categoryId === builtInCategory.categoryId || this.#categories.has(categoryId)
  }

  /** Adds to the number of rooms in the category. */
  count(categoryId: string, by: number): void {
    if (categoryId !== builtInCategory.categoryId) this.#rooms.set(categoryId, (this.#rooms.get(categoryId) ?? 0) + by)
  }
}
