import { index, key } from '../bindings.ts'
import type { Principal } from '../domain/access/principals.ts'
import { type HeldRole, type ManyRooms, type Role, roles } from '../domain/access/roles.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { Room } from '../domain/room.ts'
import { keys, principalKey, principalOf, rolePrefix, roomPartition, sharedGrants } from './keys.ts'
import { toRoom } from './rooms.ts'
import type { Item, Table } from './table.ts'

/** The most grants to groups that are read in a room. Some 25 of them cost one read unit. */
const mostGroups = 100

/** The most grants of a user that one call reads from the index. Some 60 of them cost one read unit. */
const mostListed = 1000

/** Reads rooms, and the roles in them, from the table of rooms and grants. */
export class HeldRoles implements ManyRooms {
  protected readonly table: Table

  constructor(table: Table) {
    this.table = table
  }

  async rooms(roomIds: readonly string[]): Promise<Room[]> {
    const items = await this.table.getAll([...new Set(roomIds)].map(keys.room))
    return items.map(toRoom)
  }

  async standing(holdings: readonly HeldRole[]): Promise<HeldRole[]> {
    const items = await this.table.getAll(
      holdings.map(({ roomId, role, principal }) => keys.grant(roomId, role, principal)),
    )
    return items.flatMap(holdingIn)
  }

  async listed(user: Principal, role: Role, roomIds: readonly string[]): Promise<string[]> {
    const sorted = [...new Set(roomIds)].sort(byBytes)
    const [first, last] = [sorted[0], sorted.at(-1)]
    if (first === undefined || last === undefined) return []
    const { name, partition } = index.byPrincipal
    const items = await this.table.page(
      {
        IndexName: name,
        ConsistentRead: false,
        KeyConditionExpression: `#of = :of AND ${key.partition} BETWEEN :first AND :last`,
        ExpressionAttributeNames: { '#of': partition },
        Limit: mostListed,
      },
      { ':of': principalKey(user), ':first': roomPartition(first), ':last': roomPartition(last) },
    )
    const held = new Set(items.flatMap(holdingIn).flatMap((each) => (each.role === role ? [each.roomId] : [])))
    const end = items.length < mostListed ? undefined : items.flatMap(holdingIn).at(-1)?.roomId
    return sorted.filter((roomId) => held.has(roomId) || (end !== undefined && byBytes(roomId, end) >= 0))
  }

  /** One principal is read by its key; of several, all grants to groups of a room are read at once. */
  async heldByGroups(roomIds: readonly string[], role: Role, groups: readonly Principal[]): Promise<string[]> {
    const [one, ...more] = groups
    if (one === undefined) return []
    if (more.length === 0) {
      const held = await this.standing(roomIds.map((roomId) => ({ roomId, role, principal: one })))
      return held.map(({ roomId }) => roomId)
    }
    const found: string[] = []
    await forEachConcurrent(roomIds, async (roomId) => {
      if (await this.isHeldByGroup(roomId, role, groups)) found.push(roomId)
    })
    return found
  }

  /**
   * Whether one of the principals, groups or everyone, holds the role in a room. It reads the grants to all groups,
   * because few rooms have many. In the others the grants are read by their keys.
   */
  async isHeldByGroup(
    roomId: string,
    role: Role,
    groups: readonly Principal[],
    ConsistentRead = true,
  ): Promise<boolean> {
    const [first, last] = sharedGrants(role)
    const items = await this.table.page(
      {
        ConsistentRead,
        KeyConditionExpression: `${key.partition} = :room AND ${key.sort} BETWEEN :first AND :last`,
        Limit: mostGroups,
      },
      { ':room': roomPartition(roomId), ':first': first, ':last': last },
    )
    const asked = new Set(groups)
    if (items.flatMap(holdingIn).some(({ principal }) => asked.has(principal))) return true
    if (items.length < mostGroups) return false
    const wanted = groups.map((principal) => keys.grant(roomId, role, principal))
    return (await this.table.getAll(wanted, ConsistentRead)).length > 0
  }
}

/** The role in an item; undefined if the item is no grant. */
export const roleIn = (item: Item): Role | undefined =>
  roles.find((role) => String(item[key.sort]).startsWith(rolePrefix(role)))

/** The grant in an item, as a list of one; empty if the item is no grant. */
export function holdingIn(item: Item): HeldRole[] {
  const role = roleIn(item)
  if (!role) return []
  const roomId = String(item[key.partition]).slice(roomPartition('').length)
  return [{ roomId, role, principal: principalOf(String(item[index.byPrincipal.partition])) }]
}

/** The order of the database. */
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
