import type { CategoryStore } from '../access/categories.ts'
import { type GrantPorts, requireOpener, requireWithinLimits, withInvitation } from '../access/grant-limits.ts'
import { grantEvent, invite, invitedGrants } from '../access/grants.ts'
import {
  type Caller,
  everyone,
  isUser,
  type Principal,
  principalsOf,
  userIn,
  userPrincipal,
} from '../access/principals.ts'
import type { Invitation } from '../access/roles.ts'
import { type Grant, type GrantStore, type Role, roles } from '../access/roles.ts'
import { requireScope } from '../access/scope.ts'
import { Refusal } from '../errors.ts'
import type { ProfileStore } from '../people/profiles.ts'
import { addToRecord } from '../record/lines.ts'
import type { RecordStore } from '../record/record.ts'
import type { Room } from '../room.ts'
import { type Failure, failuresOf, firstOf } from '../steps.ts'

/** Complete lists of holders, by role. A role that is left out keeps its holders. */
export type RoleLists = { [Name in Role]?: Principal[] | undefined }

export interface RoleListStore {
  /**
   * Grants and revokes a role while this version of the room is the last that replaced the list of its holders. It
   * stops as soon as a later version replaces the list too, and leaves the rest undone.
   */
  changeHolders(room: Room, role: Role, added: readonly Grant[], removed: readonly Grant[]): Promise<void>
}

type Stores = { roles: GrantStore; categories: CategoryStore; people: ProfileStore }

/** The name of the role's list in a frame. */
const fieldOf = (role: Role) => `${role}s`

/** Throws a refusal if the category or the room forbids one of the lists. `room` has its new settings. */
export async function requireLists(stores: Stores, room: Room, lists: RoleLists): Promise<void> {
  for (const role of ['member', 'manager'] as const) {
    await requireScope(stores, room.categoryId, lists[role] ?? [], fieldOf(role))
  }
  // An empty presenter list is always allowed; it removes leftovers of an auditorium.
  if (!lists.presenter || lists.presenter.length === 0) return
  const field = fieldOf('presenter')
  if (!room.auditorium) throw new Refusal('invalid', 'Only an auditorium has presenters.', { details: { field } })
  const members = lists.member ?? holdersIn(await grantsIn(stores.roles, room.roomId, 'member'))
  const nonMembers = await nonMembersAmong(members, lists.presenter, stores.people)
  if (nonMembers.length === 0) return
  const details = { field, principals: nonMembers }
  throw new Refusal('presenter_not_member', 'A presenter has to be a member.', { details })
}

/**
 * The presenters that are not members. A principal is a member if `members` names it, one of its groups, or everyone.
 */
async function nonMembersAmong(
  members: Principal[],
  presenters: Principal[],
  people: ProfileStore,
): Promise<Principal[]> {
  const named = new Set(members)
  const unlisted = presenters.filter((presenter) => !named.has(presenter) && !named.has(everyone))
  const users = unlisted.filter(isUser).map(userIn)
  const groups = await people.groupsOf(users)
  const byGroup = users.filter((user) =>
    principalsOf({ user, groups: groups.get(user) ?? [] }).some((principal) => named.has(principal)),
  )
  return unlisted.filter((presenter) => !byGroup.some((user) => presenter === userPrincipal(user)))
}

type Audit = Pick<Grant, 'createdAt' | 'createdBy'>

/** The difference between the list of a role and the stored grants. */
interface ListChange {
  role: Role
  added: Grant[]
  removed: Grant[]
}

/** The differences between the lists and the stored grants. Roles without a difference are left out. */
export async function listChanges(
  store: GrantStore,
  roomId: string,
  lists: RoleLists,
  audit: Audit,
): Promise<ListChange[]> {
  const found = await Promise.all(roles.map((role) => difference(store, roomId, role, lists[role], audit)))
  return found.filter(({ added, removed }) => added.length + removed.length > 0)
}

/** Throws a refusal if the caller may not add these grants, or a limit forbids it. `room` has its new settings. */
export async function requireChanges(
  stores: GrantPorts,
  caller: Caller,
  room: Room,
  changes: readonly ListChange[],
  now: number,
): Promise<void> {
  for (const { role, added } of changes) await requireOpener(stores.categories, caller, room, added, fieldOf(role))
  const added = changes.flatMap((change) => change.added)
  const removed = changes.flatMap((change) => change.removed)
  const invited = await invitedGrants(stores.categories, room, added)
  const sizes = { added: added.length, removed: removed.length, invited: invited.length }
  await requireWithinLimits(stores, caller, room, sizes, now)
}

/**
 * Changes the stored grants so that they match the lists. `room` is the version that replaces the lists. A list that
 * fails stops no other; `failure` has the first error.
 */
export async function applyLists(
  stores: GrantPorts & { rooms: RoleListStore; records: RecordStore },
  room: Room,
  lists: RoleLists,
): Promise<{ invitations: Invitation[]; failure?: Failure }> {
  const { roomId, updatedAt, updatedBy } = room
  const audit = { createdAt: updatedAt, createdBy: updatedBy }
  const invitations: Invitation[] = []
  const apply = async (role: Role) => {
    const { added, removed } = await difference(stores.roles, room.roomId, role, lists[role], audit)
    if (added.length > 0)
      await addToRecord(stores.records, roomId, grantEvent('granted', role, holdersIn(added), audit))
    if (removed.length > 0)
      await addToRecord(stores.records, roomId, grantEvent('revoked', role, holdersIn(removed), audit))
    const mayInvite = await invitedGrants(stores.categories, room, added)
    const personal = await withInvitation(stores, updatedBy, mayInvite, updatedAt)
    const others = added.filter((grant) => !personal.includes(grant))
    await stores.rooms.changeHolders(room, role, others, removed)
    invitations.push(...(await invite(stores.roles, room.roomId, personal, room.version)))
  }
  return { invitations, ...firstOf(await failuresOf(roles.map((role) => () => apply(role)))) }
}

async function difference(
  store: GrantStore,
  roomId: string,
  role: Role,
  list: Principal[] | undefined,
  audit: Audit,
): Promise<ListChange> {
  if (!list) return { role, added: [], removed: [] }
  const current = await grantsIn(store, roomId, role)
  const [requested, held] = [new Set(list), new Set(holdersIn(current))]
  const removed = current.filter(({ principal }) => !requested.has(principal))
  const missing = [...requested].filter((principal) => !held.has(principal))
  return { role, added: missing.map((principal) => ({ role, principal, ...audit })), removed }
}

const holdersIn = (grants: Grant[]) => grants.map(({ principal }) => principal)

/** All grants of the room, of one role or of all. */
export async function grantsIn(store: GrantStore, roomId: string, role: Role | undefined): Promise<Grant[]> {
  const grants: Grant[] = []
  let from: string | undefined
  do {
    const page = await store.list(roomId, role, from)
    grants.push(...page.grants)
    from = page.next
  } while (from !== undefined)
  return grants
}
