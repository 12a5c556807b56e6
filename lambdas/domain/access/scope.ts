import { Refusal } from '../errors.ts'
import { type Category, type CategoryStore, findCategory, inScope } from './categories.ts'
import type { GroupStore } from './principals.ts'
import { everyone, isUser, type Principal, principalsOf, userIn } from './principals.ts'

type ScopeResult = 'inside' | 'outside' | 'unknown'

const isGroup = (principal: Principal) => principal.startsWith('group:')

/**
 * Whether the category lets a principal be granted anything. What groups a user is in is known from their connections;
 * of somebody who never connected it is unknown, and so is the answer where a group may decide.
 */
export function scopeOf(category: Category, principal: Principal, groups: readonly string[] | undefined): ScopeResult {
  if (!isUser(principal)) return inScope(category, [principal, everyone]) ? 'inside' : 'outside'
  if (groups) return inScope(category, principalsOf({ user: userIn(principal), groups })) ? 'inside' : 'outside'
  const { allowed, denied } = category
  const namesThem = (listed: Principal) => listed === principal || listed === everyone
  if (denied.some(namesThem) || !allowed.some((listed) => namesThem(listed) || isGroup(listed))) return 'outside'
  return allowed.some(namesThem) && !denied.some(isGroup) ? 'inside' : 'unknown'
}

/** Refuses unless every principal is known to be in the scope of the category. */
export async function requireScope(
  stores: { categories: CategoryStore; people: GroupStore },
  categoryId: string,
  principals: readonly Principal[],
  field?: string,
): Promise<void> {
  const category = await findCategory(stores.categories, categoryId)
  const verdicts = category && (await verdictsOn(stores.people, category, principals))
  const having = (verdict: ScopeResult) =>
    principals.filter((principal) => (verdicts?.get(principal) ?? 'outside') === verdict)
  const named = (culprits: Principal[]) => ({
    details: { ...(field !== undefined && { field }), principals: culprits },
  })
  const outside = having('outside')
  if (outside.length > 0) throw new Refusal('not_in_scope', 'The category does not allow them.', named(outside))
  const unknown = having('unknown')
  if (unknown.length === 0) return
  const message = 'The category decides by groups, and nobody knows theirs before they have connected once.'
  throw new Refusal('unknown_principal', message, named(unknown))
}

/** Only those are looked up whose groups decide. */
async function verdictsOn(people: GroupStore, category: Category, principals: readonly Principal[]) {
  const verdicts = new Map(principals.map((principal) => [principal, scopeOf(category, principal, undefined)]))
  const open = principals.filter((principal) => verdicts.get(principal) === 'unknown')
  const groups = await people.groupsOf(open.map(userIn))
  for (const principal of open) verdicts.set(principal, scopeOf(category, principal, groups.get(userIn(principal))))
  return verdicts
}

/**
 * Those whom the category does not allow. The groups of somebody who never connected count for nothing here, neither
 * for them nor against them.
 */
export async function outOfScope(
  people: GroupStore,
  category: Category,
  principals: readonly Principal[],
): Promise<Principal[]> {
  const groups = await people.groupsOf(principals.filter(isUser).map(userIn))
  const known = (principal: Principal) => groups.get(userIn(principal)) ?? []
  return principals.filter((principal) => scopeOf(category, principal, known(principal)) === 'outside')
}
