import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { index, key } from '../bindings.ts'
import { isUser, type Principal } from '../domain/access/principals.ts'
import { type Grant, type GrantStore, type Invitation, type Role, roles } from '../domain/access/roles.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { allOrFirstError } from '../domain/concurrency.ts'
import { Refusal } from '../domain/errors.ts'
import type { Room } from '../domain/room.ts'
import { HeldRoles, roleIn } from './held-roles.ts'
import { newestInvitation } from './invitations.ts'
import { keys, principalKey, principalOf, rolePrefix, roomPartition } from './keys.ts'
import { toRoom } from './rooms.ts'
import { type Item, Table } from './table.ts'
import { transact } from './transaction.ts'
import { check, listedAt, putNew } from './transaction-steps.ts'

const pageSize = 100

/** The most groups of a person, everyone included, whose grants in one room are read by their keys, at a unit each. */
const mostKeyed = 3

/** Many callers may invite one user at once. Each try succeeds for at least one of them. */
const tries = 40
const waitMs = 20

/** The roles of principals in rooms: one item for each grant. */
export class DynamoGrants extends HeldRoles implements GrantStore {
  readonly #client: DynamoDBClient
  readonly #clock: Clock & Random

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    super(new Table(client, clock, tableName))
    this.#client = client
    this.#clock = clock
  }

  async held(
    roomId: string,
    principals: readonly Principal[],
    mayLag = false,
  ): Promise<{ room: Room | undefined; roles: Role[] }> {
    const distinct = [...new Set(principals)]
    const groups = distinct.filter((principal) => !isUser(principal))
    const isQueried = groups.length > mostKeyed
    const keyed = isQueried ? distinct.filter(isUser) : distinct
    const grants = roles.flatMap((role) => keyed.map((principal) => keys.grant(roomId, role, principal)))
    const heldByGroup = async (role: Role) => isQueried && this.isHeldByGroup(roomId, role, groups, !mayLag)
    const [items, ...byGroup] = await Promise.all([
      this.table.getAll([keys.room(roomId), ...grants], !mayLag),
      ...roles.map(heldByGroup),
    ])
    const room = items.find((item) => item[key.sort] === 'room')
    const held = new Set(items.filter((item) => item !== room).map(roleIn))
    return { room: room && toRoom(room), roles: roles.filter((role, at) => held.has(role) || byGroup[at]) }
  }

  async missing(roomId: string, grants: readonly Grant[]): Promise<Grant[]> {
    const items = await this.table.getAll(grants.map(({ role, principal }) => keys.grant(roomId, role, principal)))
    const held = new Set(items.map((item) => item[key.sort]))
    return grants.filter(({ role, principal }) => !held.has(keys.grant(roomId, role, principal)[key.sort]))
  }

  count(roomId: string): Promise<number> {
    const input = { KeyConditionExpression: `${key.partition} = :room AND begins_with(${key.sort}, :role)` }
    return this.table.count(input, { ':room': roomPartition(roomId), ':role': rolePrefix(undefined) })
  }

  async grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]> {
    const stored = await allOrFirstError(grants.map((grant) => this.#putGrant(roomId, grant)))
    return grants.filter((_, at) => stored[at]).map(({ principal }) => principal)
  }

  /**
   * Returns whether this call stored the grant. After a lost response, the second try finds the item that the first try
   * stored.
   */
  async #putGrant(roomId: string, { role, principal, createdAt, createdBy }: Grant): Promise<boolean> {
    const outcome = await this.table.put(
      { ...keys.grant(roomId, role, principal), ...attributesOf({ principal, createdAt, createdBy }) },
      { ConditionExpression: `attribute_not_exists(${key.partition})` },
    )
    return outcome.done || (outcome.found?.createdAt === createdAt && outcome.found.createdBy === createdBy)
  }

  async invite(roomId: string, grant: Grant, version?: number): Promise<Invitation | undefined> {
    const { role, principal, createdAt, createdBy } = grant
    const { name } = this.table
    const user = principal.slice('user:'.length)
    for (let attempt = 1; attempt <= tries; attempt++) {
      const invitationId = (await newestInvitation(this.table, user)) + 1
      const outcome = await transact(this.#client, this.#clock, [
        ...(version === undefined ? [] : [check(name, keys.room(roomId), listedAt(role), version)]),
        putNew(name, keys.grant(roomId, role, principal), attributesOf({ principal, createdAt, createdBy })),
        putNew(name, keys.invitation(user, invitationId), { roomId, createdAt }),
      ])
      if (outcome === 'done') return { invitationId, user, roomId, createdAt }
      // The last step stores the invitation. If an earlier step failed, a new try would fail too.
      if (outcome.slice(0, -1).some(Boolean)) return undefined
      await this.#clock.sleep(this.#clock.random() * waitMs)
    }
    throw new Refusal('unavailable', 'Too many invite the same user. Try again.', { retryAfterMs: 500 })
  }

  async revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]> {
    const deleted = await allOrFirstError(
      principals.map((principal) => this.table.delete(keys.grant(roomId, role, principal))),
    )
    return principals.filter((_, at) => deleted[at] !== undefined)
  }

  async list(roomId: string, role: Role | undefined, from: string | undefined, most = pageSize) {
    const grants: Grant[] = []
    const partition = roomPartition(roomId)
    const input = {
      KeyConditionExpression: `${key.partition} = :room AND begins_with(${key.sort}, :role)`,
      Limit: most,
      ...(from !== undefined && { ExclusiveStartKey: { [key.partition]: { S: partition }, [key.sort]: { S: from } } }),
    }
    for await (const item of this.table.query(input, { ':room': partition, ':role': rolePrefix(role) })) {
      if (grants.length === most) return { grants, next: lastKey(grants) }
      grants.push(toGrant(item))
    }
    return { grants }
  }
}

const attributesOf = ({ principal, createdAt, createdBy }: Omit<Grant, 'role'>) => ({
  [index.byPrincipal.partition]: principalKey(principal),
  createdAt,
  createdBy,
})

const lastKey = (grants: Grant[]): string => {
  const last = grants.at(-1)
  return last ? `${rolePrefix(last.role)}${principalKey(last.principal)}` : rolePrefix(undefined)
}

const toGrant = (item: Item): Grant => ({
  role: roleIn(item) ?? 'member',
  principal: principalOf(String(item[index.byPrincipal.partition])),
  createdAt: Number(item.createdAt),
  createdBy: String(item.createdBy),
})
