import { Refusal } from '../errors.ts'
import { type Category, type CategoryStore, findCategory, inScope } from './categories.ts'
import type { GroupStore } from './principals.ts'
import { areGuests, everyone, isUser, type Principal, principalsOf, userIn } from './principals.ts'

type ScopeResult = 'inside' | 'outside' | 'unknown'

const isGroup = (principal: Principal) => principal.startsWith('group:')

/**
 * Whether the category allows grants to a principal. The groups of a user are known from the user's connections.
 * Without `groups`, the result is `unknown` where a group may decide.
 */
export function scopeOf(category: Category, principal: Principal, groups: readonly string[] | undefined): ScopeResult {
  // A guest holds no role anywhere: an open room is all there is for them.
  if (areGuests([principal])) return 'outside'
  if (!isUser(principal)) return inScope(category, [principal, everyone]) ? 'inside' : 'outside'
  if (groups) return inScope(category, principalsOf({ user: userIn(principal), groups })) ? 'inside' : 'outside'
  const { allowed, denied } = category
  const isNamed = (listed: Principal) => listed === principal || listed === everyone
  if (denied.some(isNamed) || !allowed.some((listed) => isNamed(listed) || isGroup(listed))) return 'outside'
  return allowed.some(isNamed) && !denied.some(isGroup) ? 'inside' : 'unknown'
}

/** Throws `not_in_scope` or `unknown_principal` unless every principal is known to be in the scope of the category. */
export async function requireScope(
  stores: { categories: CategoryStore; people: GroupStore },
  categoryId: string,
  principals: readonly Principal[],
  field?: string,
): Promise<void> {
  const category = await findCategory(stores.categories, categoryId)
  const results = category && (await resultsFor(stores.people, category, principals))
  const withResult = (result: ScopeResult) =>
    principals.filter((principal) => (results?.get(principal) ?? 'outside') === result)
  const detailsOf = (listed: Principal[]) => ({
    details: { ...(field !== undefined && { field }), principals: listed },
  })
  const outside = withResult('outside')
  if (outside.length > 0) throw new Refusal('not_in_scope', 'The category does not allow them.', detailsOf(outside))
  const unknown = withResult('unknown')
  if (unknown.length === 0) return
  const message = 'The category decides by groups, and nobody knows theirs before they have connected once.'
  throw new Refusal('unknown_principal', message, detailsOf(unknown))
}

/** Reads the groups only of users whose groups decide. */
async function resultsFor(people: GroupStore, category: Category, principals: readonly Principal[]) {
  const results = new Map(principals.map((principal) => [principal, scopeOf(category, principal, undefined)]))
  const open = principals.filter((principal) => results.get(principal) === 'unknown')
  const groups = await people.groupsOf(open.map(userIn))
  for (const principal of open) results.set(principal, scopeOf(category, principal, groups.get(userIn(principal))))
  return results
}

/** The principals that the category does not allow. A user who never connected counts as a user without groups. */
export async function outOfScope(
  people: GroupStore,
  category: Category,
  principals: readonly Principal[],
): Promise<Principal[]> {
  const groups = await people.groupsOf(principals.filter(isUser).map(userIn))
  const known = (principal: Principal) => groups.get(userIn(principal)) ?? []
  return principals.filter((principal) => scopeOf(category, principal, known(principal)) === 'outside')
}
