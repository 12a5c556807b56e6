import { UnusableClaims } from './refusal.ts'

/** The context of the authorizer has at most 8 KB. */
const groupBytes = 4096

/** Returns the groups that a grant or a category names. */
export type NamedAmong = (groups: readonly string[]) => Promise<ReadonlySet<string>>

/**
 * The groups that are passed to every later event. A user may be in hundreds of groups. If they do not fit, only those
 * are passed that a grant or a category names.
 */
export async function carriedGroups(
  groups: readonly string[],
  adminGroup: string,
  namedAmong: NamedAmong,
): Promise<readonly string[]> {
  if (fits(groups)) return groups
  const distinct = [...new Set(groups)]
  const named = await namedAmong(distinct)
  const carried = distinct.filter((group) => group === adminGroup || named.has(group))
  if (!fits(carried)) throw new UnusableClaims('too_many_groups')
  return carried
}

const fits = (groups: readonly string[]) => Buffer.byteLength(JSON.stringify(groups)) <= groupBytes
