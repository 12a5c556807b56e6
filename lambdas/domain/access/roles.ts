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
  /**
   * Reads the room, and the roles that any of the principals has in it, in one request. With `mayLag`, the read costs
   * half and may be slightly old.
   */
  held(
    roomId: string,
    principals: readonly Principal[],
    mayLag?: boolean,
  ): Promise<{ room: Room | undefined; roles: Role[] }>
  /** Returns the principals that did not have the role before. */
  grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]>
  /**
   * Grants a user membership and stores the invitation, both or neither. Does nothing if the user already is a member,
   * or if another version of the room than `listedAt` last replaced the list of members.
   */
  invite(roomId: string, grant: Grant, listedAt?: number): Promise<Invitation | undefined>
  /** Returns the principals that had the role. */
  revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]>
  /** A page of grants in key order, of one role or of all. */
  list(
    roomId: string,
    role: Role | undefined,
    from: string | undefined,
    most?: number,
  ): Promise<{ grants: Grant[]; next?: string }>
}

/** Tells a user about a new membership. It is only a notice: permissions never depend on it. */
export interface Invitation {
  /** 1, 2, 3 … for each user. */
  invitationId: number
  user: string
  roomId: string
  /** Milliseconds since 1970. */
  createdAt: number
}
