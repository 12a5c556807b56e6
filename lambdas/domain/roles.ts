import { type CategoryStore, findCategory } from './categories.ts'
import { Refused } from './errors.ts'
import type { Invitation } from './invitations.ts'
import { inLanes } from './lanes.ts'
import type { PeopleStore } from './people.ts'
import { everyone, isUser, type Principal } from './principals.ts'
import type { Room } from './rooms.ts'
import { requireScope } from './scope.ts'

export type Role = 'member' | 'manager' | 'presenter'
export const roles: readonly Role[] = ['member', 'manager', 'presenter']

export interface Grant {
  role: Role
  principal: Principal
  /** Milliseconds since 1970. */
  createdAt: number
  createdBy: string
}

export interface RoleStore {
  /** The room and the roles that any of the principals holds in it, read together. */
  held(roomId: string, principals: readonly Principal[]): Promise<{ room: Room | undefined; roles: Role[] }>
  /** Answers the principals that did not hold the role before. */
  grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]>
  /** Grants a user membership and stores the invitation with it, both or neither; nothing when it was held before. */
  invite(roomId: string, grant: Grant): Promise<Invitation | undefined>
  /** Answers the principals that held the role. */
  revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]>
  /** A page of grants in key order, of one role or all. */
  list(roomId: string, role: Role | undefined, from: string | undefined): Promise<{ grants: Grant[]; next?: string }>
}

export interface Granted {
  /** Those who did not hold the role before. */
  changed: Principal[]
  invitations: Invitation[]
}

type Stores = { roles: RoleStore; categories: CategoryStore; people: PeopleStore }
type Audit = Pick<Grant, 'createdAt' | 'createdBy'>

/** Refuses what the category or the room forbids; a presenter has to be a member first. */
export async function grantRole(
  stores: Stores,
  room: Room,
  role: Role,
  principals: readonly Principal[],
  audit: Audit,
): Promise<Granted> {
  if (role === 'presenter') await requireEligiblePresenters(stores.roles, room, principals)
  else await requireScope(stores, room.categoryId, principals)
  const invited = role === 'member' && (await invites(stores.categories, room)) ? principals.filter(isUser) : []
  const others = principals.filter((principal) => !invited.includes(principal))
  const grantOf = (principal: Principal): Grant => ({ role, principal, ...audit })
  const changed = new Set(await stores.roles.grant(room.roomId, others.map(grantOf)))
  const invitations: Invitation[] = []
  await inLanes(invited, async (principal) => {
    const invitation = await stores.roles.invite(room.roomId, grantOf(principal))
    if (!invitation) return
    invitations.push(invitation)
    changed.add(principal)
  })
  return { changed: [...new Set(principals)].filter((principal) => changed.has(principal)), invitations }
}

/** The category's word counts for every room that does not say otherwise, and a room can only say no. */
async function invites(categories: CategoryStore, room: Room): Promise<boolean> {
  if (room.invitations !== 'inherit') return false
  return (await findCategory(categories, room.categoryId))?.invitations === true
}

async function requireEligiblePresenters(store: RoleStore, room: Room, principals: readonly Principal[]) {
  if (!room.auditorium) {
    throw new Refused('invalid', 'Only an auditorium has presenters.', { details: { field: 'role' } })
  }
  const held = await Promise.all(principals.map((principal) => store.held(room.roomId, [principal, everyone])))
  const strangers = principals.filter((_, at) => !held[at]?.roles.includes('member'))
  if (strangers.length > 0) {
    throw new Refused('presenter_not_member', 'A presenter has to be a member.', { details: { principals: strangers } })
  }
}
