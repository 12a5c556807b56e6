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

/** A role that a principal holds in a room. */
export interface HeldRole {
  roomId: string
  role: Role
  principal: Principal
}

/** Reads rooms and roles of many rooms at once, at a cost that does not grow with the number of groups of a person. */
export interface ManyRooms {
  /** The rooms that exist, as they are now. */
  rooms(roomIds: readonly string[]): Promise<Room[]>
  /** The grants that exist now. */
  standing(holdings: readonly HeldRole[]): Promise<HeldRole[]>
  /**
   * The rooms among these in which an index lists the role for a user. The index may be slightly old, and of a user
   * with very many roles only a part is read: a room in the other part is returned as well.
   */
  listed(user: Principal, role: Role, roomIds: readonly string[]): Promise<string[]>
  /** The rooms among these in which one of the principals, groups or everyone, holds the role now. */
  heldByGroups(roomIds: readonly string[], role: Role, groups: readonly Principal[]): Promise<string[]>
}

export interface GrantStore extends ManyRooms {
  /**
   * Reads the room, and the roles that any of the principals has in it, at once. With `mayLag`, the read costs
   * half and may be slightly old.
   */
  held(
    roomId: string,
    principals: readonly Principal[],
    mayLag?: boolean,
  ): Promise<{ room: Room | undefined; roles: Role[] }>
  /** Of these grants, those whose principal does not have the role yet. */
  missing(roomId: string, grants: readonly Grant[]): Promise<Grant[]>
  /** The number of grants of all roles. */
  count(roomId: string): Promise<number>
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
