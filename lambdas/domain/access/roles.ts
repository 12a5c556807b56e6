import type { Room } from '../room.ts'
import type { Principal } from './principals.ts'

export type Role = 'member' | 'manager' | 'presenter'

export const roles: readonly Role[] = ['member', 'manager', 'presenter']

export interface Grant {
  role: Role
  principal: Principal
  /** Milliseconds since 1970. */
  createdAt: number
  createdBy: string
}

export interface GrantStore {
  /** The room and the roles that any of the principals holds in it, read together; for half the price a moment old. */
  held(
    roomId: string,
    principals: readonly Principal[],
    mayLag?: boolean,
  ): Promise<{ room: Room | undefined; roles: Role[] }>
  /** Answers the principals that did not hold the role before. */
  grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]>
  /**
   * Grants a user membership and stores the invitation with it, both or neither; neither when it was held before, nor
   * when the version of the room that last replaced the list of members is another than the one that is named.
   */
  invite(roomId: string, grant: Grant, listedAt?: number): Promise<Invitation | undefined>
  /** Answers the principals that held the role. */
  revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]>
  /** A page of grants in key order, of one role or all. */
  list(
    roomId: string,
    role: Role | undefined,
    from: string | undefined,
    most?: number,
  ): Promise<{ grants: Grant[]; next?: string }>
}

/** Says that a user was made a member of a room. It is needed for nothing. */
export interface Invitation {
  /** 1, 2, 3 … for each user. */
  invitationId: number
  user: string
  roomId: string
  /** Milliseconds since 1970. */
  createdAt: number
}
