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
}

/** The number of the user's newest invitation, or 0. */
export async function newestInvitation(table: Table, user: string): Promise<number> {
  const input = {
    KeyConditionExpression: `${key.partition} = :user AND begins_with(${key.sort}, :kind)`,
    ScanIndexForward: false,
    Limit: 1,
  }
  const values = { ':user': userPartition(user), ':kind': invitationPrefix }
  for await (const item of table.query(input, values)) return toInvitation(item).invitationId
  return 0
}

const toInvitation = (item: Item): Invitation => ({
  invitationId: Number(String(item[key.sort]).slice(invitationPrefix.length)),
  user: String(item[key.partition]).slice(userPartition('').length),
  roomId: String(item.roomId),
  createdAt: Number(item.createdAt),
})
