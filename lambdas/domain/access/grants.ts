import { forEachConcurrent } from '../concurrency.ts'
import { Refusal } from '../errors.ts'
import { addToRecord } from '../record/lines.ts'
import type { RecordEvent, RecordStore } from '../record/record.ts'
import type { Room } from '../room.ts'
import { type CategoryStore, findCategory } from './categories.ts'
import { type GrantPorts, requireOpener, requireWithinLimits, withInvitation } from './grant-limits.ts'
import type { Caller, GroupStore } from './principals.ts'
import { everyone, isUser, type Principal, principalsOf, userIn, userPrincipal } from './principals.ts'
import type { Grant, GrantStore, Invitation, Role } from './roles.ts'
import { requireScope } from './scope.ts'

export interface GrantResult {
  /** The principals that did not have the role before. */
  changed: Principal[]
  invitations: Invitation[]
}

type Stores = { roles: GrantStore; categories: CategoryStore; people: GroupStore }

/**
 * Grants a role. Throws a refusal if the category, the room or a limit forbids it. A presenter must already be a member.
 */
export async function grantRole(
  stores: GrantPorts & { people: GroupStore; records: RecordStore },
  caller: Caller,
  room: Room,
  role: Role,
  principals: readonly Principal[],
  now: number,
): Promise<GrantResult> {
  if (role === 'presenter') await requireEligiblePresenters(stores, room, principals)
  else await requireScope(stores, room.categoryId, principals)
  const audit = { createdAt: now, createdBy: caller.user }
  const grants = [...new Set(principals)].map((principal): Grant => ({ role, principal, ...audit }))
  const added = await stores.roles.missing(room.roomId, grants)
  await requireOpener(stores.categories, caller, room, added, 'principals')
  const mayInvite = await invitedGrants(stores.categories, room, added)
  const sizes = { added: added.length, removed: 0, invited: mayInvite.length }
  await requireWithinLimits(stores, caller, room, sizes, now)
  await addToRecord(stores.records, room.roomId, grantEvent('granted', role, principals, audit))
  const personal = await withInvitation(stores, caller.user, mayInvite, now)
  const others = grants.filter((grant) => !personal.includes(grant))
  const changed = await stores.roles.grant(room.roomId, others)
  const invitations = await invite(stores.roles, room.roomId, personal)
  const gained = new Set([...changed, ...invitations.map(({ user }) => userPrincipal(user))])
  return { changed: grants.map(({ principal }) => principal).filter((each) => gained.has(each)), invitations }
}

/** The event is recorded before the change, so that the record never misses a change. */
export const grantEvent = (
  event: 'granted' | 'revoked',
  role: Role,
  principals: readonly Principal[],
  { createdAt, createdBy }: Pick<Grant, 'createdAt' | 'createdBy'>,
): RecordEvent => ({ at: createdAt, event, by: createdBy, details: { role, principals } })

/**
 * The grants that come with an invitation. The category's setting applies unless the room turns invitations off. The
 * members of a group are known only from tokens, so groups are not invited.
 */
export async function invitedGrants(
  categories: CategoryStore,
  room: Room,
  grants: readonly Grant[],
): Promise<readonly Grant[]> {
  const personal = grants.filter(({ role, principal }) => role === 'member' && isUser(principal))
  if (room.invitations === 'off' || personal.length === 0) return []
  return (await findCategory(categories, room.categoryId))?.invitations ? personal : []
}

export async function invite(
  store: GrantStore,
  roomId: string,
  grants: readonly Grant[],
  listedAt?: number,
): Promise<Invitation[]> {
  const invitations: Invitation[] = []
  await forEachConcurrent(grants, async (grant) => {
    const invitation = await store.invite(roomId, grant, listedAt)
    if (invitation) invitations.push(invitation)
  })
  return invitations
}

/** A principal is a member by a grant to itself, to one of the groups in the user's last token, or to everyone. */
async function requireEligiblePresenters(
  { roles: store, people }: Stores,
  room: Room,
  principals: readonly Principal[],
) {
  if (!room.auditorium) {
    throw new Refusal('invalid', 'Only an auditorium has presenters.', { details: { field: 'role' } })
  }
  const groups = await people.groupsOf(principals.filter(isUser).map(userIn))
  const principalsFor = (principal: Principal) =>
    isUser(principal)
      ? principalsOf({ user: userIn(principal), groups: groups.get(userIn(principal)) ?? [] })
      : [principal, everyone]
  const held = await Promise.all(principals.map((principal) => store.held(room.roomId, principalsFor(principal))))
  const nonMembers = principals.filter((_, at) => !held[at]?.roles.includes('member'))
  if (nonMembers.length > 0) {
    throw new Refusal('presenter_not_member', 'A presenter has to be a member.', {
      details: { principals: nonMembers },
    })
  }
}
