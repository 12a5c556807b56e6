import { UnusableClaims } from './refusal.ts'

/** What the authorizer may tell later events is 8 KB in all. */
const groupBytes = 4096

/** Those of the groups that any grant or category names. */
export type NamedAmong = (groups: readonly string[]) => Promise<ReadonlySet<string>>

/**
 * The groups that are carried into every later event. A user may be in hundreds, and most of them mean nothing here:
 * where there is no room for all, those are carried that decide anything.
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
