import { dayBefore, type QuotaPorts, takeToday, tooMany } from '../budget/quotas.ts'
import { Refusal } from '../errors.ts'
import type { Room } from '../room.ts'
import type { BlockStore } from './blocks.ts'
import { type CategoryStore, findCategory, mayCreateIn } from './categories.ts'
import type { InvitationStore } from './invitations.ts'
import { type Caller, isUser, principalsOf, userIn } from './principals.ts'
import type { Grant, GrantStore } from './roles.ts'

export type GrantPorts = QuotaPorts & {
  roles: GrantStore
  categories: CategoryStore
  blocks: BlockStore
  invitations: InvitationStore
}

/**
 * A role of a group or of everyone admits people without naming them, so only a creator of the category or an
 * administrator may give it. `added` has only grants that did not exist before.
 */
export async function requireOpener(
  categories: CategoryStore,
  caller: Caller,
  room: Room,
  added: readonly Grant[],
  field: string,
): Promise<void> {
  if (caller.admin || added.every(({ principal }) => isUser(principal))) return
  const category = await findCategory(categories, room.categoryId)
  if (category && mayCreateIn(category, principalsOf(caller))) return
  const message = 'Only a creator of the category may give a role to everyone or to a group.'
  throw new Refusal('forbidden', message, { details: { field } })
}

/**
 * Throws `limit_exceeded` if the room would have too many grants, or the caller would make too many invitations today.
 * The grants of a room are counted when some are added, so concurrent calls may exceed the limit by their grants.
 */
export async function requireWithinLimits(
  ports: GrantPorts,
  caller: Caller,
  room: Room,
  change: { added: number; removed: number; invited: number },
  now: number,
): Promise<void> {
  const more = change.added - change.removed
  const most = ports.settings.quotas.grantsPerRoom
  if (more > 0 && (await ports.roles.count(room.roomId)) + more > most)
    throw tooMany('grantsPerRoom', `${most} grants in one room`)
  await takeToday(ports, caller, 'invitations', change.invited, now)
}

/**
 * The grants whose users are invited. A user who blocks the inviter, or who was invited too often in the last 24 hours,
 * gets the role without an invitation. The inviter cannot see the difference.
 */
export async function withInvitation(
  { blocks, invitations, settings }: Pick<GrantPorts, 'blocks' | 'invitations' | 'settings'>,
  inviter: string,
  grants: readonly Grant[],
  now: number,
): Promise<readonly Grant[]> {
  if (grants.length === 0) return []
  const users = grants.map(({ principal }) => userIn(principal))
  const most = settings.quotas.invitationsPerDay
  const [blocking, ...full] = await Promise.all([
    blocks.blocking(users, inviter),
    ...users.map((user) => invitations.hasSince(user, most, dayBefore(now))),
  ])
  return grants.filter((_, at) => !full[at] && !blocking.has(users[at] ?? ''))
}
