import type { Principal } from '../../../lambdas/domain/access/principals.ts'
import {
  type Grant,
  type GrantStore,
  type HeldRole,
  type Invitation,
  type Role,
  roles,
} from '../../../lambdas/domain/access/roles.ts'
import type { Room } from '../../../lambdas/domain/room.ts'
import { MemoryInvitations } from './invitations.ts'

/** Rooms by id, shared by the stores of rooms and of grants as two kinds of items share one table. */
export type RoomsById = Map<string, Room>

const pageSize = 100

/** The grants of every room in memory. */
export class MemoryGrants implements GrantStore {
  readonly #rooms: RoomsById
  /** Grants by room and key. */
  readonly #grants = new Map<string, Map<string, Grant>>()
  readonly #invitations: MemoryInvitations
  /** Version that replaced the list last, by room and role. */
  readonly lists = new Map<string, number>()

  constructor(rooms: RoomsById, invitations = new MemoryInvitations()) {
    this.#rooms = rooms
    this.#invitations = invitations
  }

  /** Never lags, unless a test replaces it. */
  async held(
    roomId: string,
    principals: readonly Principal[],
    _mayLag = false,
  ): Promise<{ room: Room | undefined; roles: Role[] }> {
    const grants = this.#of(roomId)
    const held = roles.filter((role) => principals.some((principal) => grants.has(keyOf(role, principal))))
    return { room: structuredClone(this.#rooms.get(roomId)), roles: held }
  }

  async rooms(roomIds: readonly string[]): Promise<Room[]> {
    return [...new Set(roomIds)].flatMap((roomId) => structuredClone(this.#rooms.get(roomId)) ?? [])
  }

  async standing(holdings: readonly HeldRole[]): Promise<HeldRole[]> {
    return holdings.filter(({ roomId, role, principal }) => this.#of(roomId).has(keyOf(role, principal)))
  }

  /** Never lags, unless a test replaces it. */
  async listed(user: Principal, role: Role, roomIds: readonly string[]): Promise<string[]> {
    return this.#roomsHeld(roomIds, role, [user])
  }

  async heldByGroups(roomIds: readonly string[], role: Role, groups: readonly Principal[]): Promise<string[]> {
    return this.#roomsHeld(roomIds, role, groups)
  }

  #roomsHeld(roomIds: readonly string[], role: Role, principals: readonly Principal[]): string[] {
    const isHeld = (roomId: string) => principals.some((principal) => this.#of(roomId).has(keyOf(role, principal)))
    return [...new Set(roomIds)].filter(isHeld)
  }

  async missing(roomId: string, grants: readonly Grant[]): Promise<Grant[]> {
    return grants.filter(({ role, principal }) => !this.#of(roomId).has(keyOf(role, principal)))
  }

  async count(roomId: string): Promise<number> {
    return this.#of(roomId).size
  }

  async grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]> {
    return grants.filter((grant) => this.put(roomId, grant)).map((grant) => grant.principal)
  }

  async invite(roomId: string, grant: Grant, listedAt?: number): Promise<Invitation | undefined> {
    if (listedAt !== undefined && this.lists.get(`${roomId} ${grant.role}`) !== listedAt) return undefined
    if (!this.put(roomId, grant)) return undefined
    return this.#invitations.add(grant.principal.slice('user:'.length), roomId, grant.createdAt)
  }

  /** The grants of all rooms. */
  everyGrant(): (Grant & { roomId: string })[] {
    return [...this.#grants].flatMap(([roomId, grants]) => [...grants.values()].map((grant) => ({ roomId, ...grant })))
  }

  async revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]> {
    return principals.filter((principal) => this.take(roomId, role, principal))
  }

  take(roomId: string, role: Role, principal: Principal): boolean {
    return this.#of(roomId).delete(keyOf(role, principal))
  }

  clear(roomId: string): void {
    this.#grants.delete(roomId)
  }

  async list(roomId: string, role: Role | undefined, from: string | undefined, most = pageSize) {
    const kept = [...this.#of(roomId)]
      .filter(([key, grant]) => (!role || grant.role === role) && (from === undefined || byBytes(key, from) > 0))
      .sort(([a], [b]) => byBytes(a, b))
    const grants = kept.slice(0, most).map(([, grant]) => structuredClone(grant))
    const last = kept[most - 1]
    return { grants, ...(kept.length > most && last && { next: last[0] }) }
  }

  /** Returns false when the principal holds the role already. */
  put(roomId: string, grant: Grant): boolean {
    const grants = this.#of(roomId)
    const key = keyOf(grant.role, grant.principal)
    if (grants.has(key)) return false
    grants.set(key, structuredClone(grant))
    return true
  }

  #of(roomId: string): Map<string, Grant> {
    const grants = this.#grants.get(roomId) ?? new Map<string, Grant>()
    this.#grants.set(roomId, grants)
    return grants
  }
}

const keyOf = (role: Role, principal: Principal) => `${role} ${principal}`

/** Orders strings by their UTF-8 bytes, as the database orders its keys. */
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
