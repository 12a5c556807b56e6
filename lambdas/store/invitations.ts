import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { InvitationStore } from '../domain/access/invitations.ts'
import type { Invitation } from '../domain/access/roles.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { invitationPrefix, keys, userPartition } from './keys.ts'
import { type Item, Table } from './table.ts'

/** Sorts after every digit in a key. */
const afterDigits = '~'

/** The invitations of users. `DynamoGrants` stores them in one transaction with the grant. */
export class DynamoInvitations implements InvitationStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async list(user: string, after: number, limit: number): Promise<Invitation[]> {
    const invitations: Invitation[] = []
    const input = {
      KeyConditionExpression: `${key.partition} = :user AND ${key.sort} BETWEEN :from AND :to`,
      Limit: limit,
    }
    const values = {
      ':user': userPartition(user),
      ':from': `${keys.invitation(user, after)[key.sort]}${afterDigits}`,
      ':to': `${invitationPrefix}${afterDigits}`,
    }
    for await (const item of this.#table.query(input, values)) {
      invitations.push(toInvitation(item))
      if (invitations.length === limit) break
    }
    return invitations
  }

  async hasSince(user: string, count: number, time: number): Promise<boolean> {
    const newest = await this.#table.page(newestFirst(count), ofUser(user))
    return newest.length === count && newest.every((item) => toInvitation(item).createdAt > time)
  }
}

const newestFirst = (limit: number) => ({
  KeyConditionExpression: `${key.partition} = :user AND begins_with(${key.sort}, :kind)`,
  ScanIndexForward: false,
  Limit: limit,
})

const ofUser = (user: string) => ({ ':user': userPartition(user), ':kind': invitationPrefix })

/** The number of the user's newest invitation, or 0. */
export async function newestInvitation(table: Table, user: string): Promise<number> {
  for await (const item of table.query(newestFirst(1), ofUser(user))) return toInvitation(item).invitationId
  return 0
}

const toInvitation = (item: Item): Invitation => ({
  invitationId: Number(String(item[key.sort]).slice(invitationPrefix.length)),
  user: String(item[key.partition]).slice(userPartition('').length),
  roomId: String(item.roomId),
  createdAt: Number(item.createdAt),
})
