import type { CategoryStore } from './categories.ts'
import { Refused } from './errors.ts'
import type { PeopleStore } from './people.ts'
import { everyone, type Principal } from './principals.ts'
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
  /** Answers the principals that held the role. */
  revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]>
  /** A page of grants in key order, of one role or all. */
  list(roomId: string, role: Role | undefined, from: string | undefined): Promise<{ grants: Grant[]; next?: string }>
}

/** Refuses what the category or the room forbids; a presenter has to be a member first. */
export async function grantRole(
  stores: { roles: RoleStore; categories: CategoryStore; people: PeopleStore },
  room: Room,
  role: Role,
  principals: readonly Principal[],
  audit: { createdAt: number; createdBy: string },
): Promise<Principal[]> {
  if (role === 'presenter') await requireEligiblePresenters(stores.roles, room, principals)
  else await requireScope(stores, room.categoryId, principals)
  return stores.roles.grant(
    room.roomId,
    principals.map((principal) => ({ role, principal, ...audit })),
  )
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
