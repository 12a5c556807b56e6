import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { index, key } from '../bindings.ts'
import type { Principal } from '../domain/principals.ts'
import { type Grant, type Role, type RoleStore, roles } from '../domain/roles.ts'
import type { Room } from '../domain/rooms.ts'
import { keys, principalOf, rolePrefix, roomPartition } from './keys.ts'
import { toRoom } from './rooms.ts'
import { type Item, Table } from './table.ts'

const pageSize = 100

/** Who holds which role in which room: one item each. */
export class DynamoRoles implements RoleStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, tableName: string) {
    this.#table = new Table(client, tableName)
  }

  async held(roomId: string, principals: readonly Principal[]): Promise<{ room: Room | undefined; roles: Role[] }> {
    const grants = roles.flatMap((role) => principals.map((principal) => keys.grant(roomId, role, principal)))
    const items = await this.#table.getAll([keys.room(roomId), ...grants])
    const room = items.find((item) => item[key.sort] === 'room')
    const held = new Set(items.filter((item) => item !== room).map(roleIn))
    return { room: room && toRoom(room), roles: roles.filter((role) => held.has(role)) }
  }

  async grant(roomId: string, grants: readonly Grant[]): Promise<Principal[]> {
    const outcomes = await Promise.all(grants.map((grant) => this.#putGrant(roomId, grant)))
    return outcomes.flatMap((outcome, at) => (outcome.done && grants[at] ? [grants[at].principal] : []))
  }

  #putGrant(roomId: string, { role, principal, createdAt, createdBy }: Grant) {
    const itemKey = keys.grant(roomId, role, principal)
    const attributes = { [index.byPrincipal.partition]: principal.replace(':', '#'), createdAt, createdBy }
    return this.#table.put(
      { ...itemKey, ...attributes },
      { ConditionExpression: `attribute_not_exists(${key.partition})` },
    )
  }

  async revoke(roomId: string, role: Role, principals: readonly Principal[]): Promise<Principal[]> {
    const gone = await Promise.all(
      principals.map((principal) => this.#table.delete(keys.grant(roomId, role, principal))),
    )
    return principals.filter((_, at) => gone[at] !== undefined)
  }

  async list(roomId: string, role: Role | undefined, from: string | undefined) {
    const grants: Grant[] = []
    const partition = roomPartition(roomId)
    const input = {
      KeyConditionExpression: `${key.partition} = :room AND begins_with(${key.sort}, :role)`,
      Limit: pageSize,
      ...(from !== undefined && { ExclusiveStartKey: { [key.partition]: { S: partition }, [key.sort]: { S: from } } }),
    }
    for await (const item of this.#table.query(input, { ':room': partition, ':role': rolePrefix(role) })) {
      if (grants.length === pageSize) return { grants, next: lastKey(grants) }
      grants.push(toGrant(item))
    }
    return { grants }
  }
}

const lastKey = (grants: Grant[]): string => {
  const last = grants.at(-1)
  return last ? `${rolePrefix(last.role)}${last.principal.replace(':', '#')}` : rolePrefix(undefined)
}

const roleIn = (item: Item): Role | undefined =>
  roles.find((role) => String(item[key.sort]).startsWith(rolePrefix(role)))

const toGrant = (item: Item): Grant => ({
  role: roleIn(item) ?? 'member',
  principal: principalOf(String(item[index.byPrincipal.partition])),
  createdAt: Number(item.createdAt),
  createdBy: String(item.createdBy),
})
