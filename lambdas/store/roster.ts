import { key } from '../bindings.ts'
import type { Clock } from '../domain/clock.ts'
import { isListening } from '../domain/sessions/connections.ts'
import type { RosterMember, RosterPart } from '../domain/sessions/crowd.ts'
import type { Session } from '../domain/sessions/sessions.ts'
import { connectionPartition, keys, roomPartition } from './keys.ts'
import type { Item, Table } from './table.ts'

/**
 * The sessions of a room: its partition in the table of sessions, sorted by connection id. Expired sessions and
 * sessions that receive no more pushes are left out.
 */
export class RosterItems {
  readonly #table: Table
  readonly #clock: Pick<Clock, 'now'>

  constructor(table: Table, clock: Pick<Clock, 'now'>) {
    this.#table = table
    this.#clock = clock
  }

  whole(roomId: string): Promise<Session[]> {
    return this.part(roomId, {})
  }

  async part(roomId: string, { from, below }: RosterPart): Promise<Session[]> {
    const values = {
      ':room': roomPartition(roomId),
      ':from': from === undefined ? undefined : connectionPartition(from),
      ':below': below === undefined ? undefined : connectionPartition(below),
    }
    const room = { KeyConditionExpression: `${key.partition} = :room${keyRange(from, below)}` }
    const items = await this.#present(this.#table.query(room, values))
    // `BETWEEN` is the only condition with two bounds, and it includes both.
    return items.map(toSession).filter(({ connectionId }) => connectionId !== below)
  }

  /** Reads without strong consistency, at half the cost. */
  async attendees(roomId: string): Promise<RosterMember[]> {
    const room = {
      KeyConditionExpression: `${key.partition} = :room`,
      ProjectionExpression: `${key.sort}, #user, expiresAt, hearsUntil`,
      ExpressionAttributeNames: { '#user': 'user' },
      ConsistentRead: false,
    }
    const items = await this.#present(this.#table.query(room, { ':room': roomPartition(roomId) }))
    return items.map((item) => ({ connectionId: connectionOf(item), user: String(item.user) }))
  }

  async #present(items: AsyncIterable<Item>): Promise<Item[]> {
    const now = this.#clock.now()
    const present: Item[] = []
    for await (const item of items) if (isListening(expiryOf(item), now)) present.push(item)
    return present
  }
}

function keyRange(from: string | undefined, below: string | undefined): string {
  if (from !== undefined && below !== undefined) return ` AND ${key.sort} BETWEEN :from AND :below`
  if (from !== undefined) return ` AND ${key.sort} >= :from`
  return below === undefined ? '' : ` AND ${key.sort} < :below`
}

/**
 * DynamoDB deletes an item by `expiresAt`, which is later than `hearsUntil`: the end of a connection needs the item
 * after the token has expired.
 */
export const expiryOf = ({ expiresAt, hearsUntil }: Item): Pick<Session, 'expiresAt' | 'hearsUntil'> => ({
  expiresAt: Number(expiresAt),
  ...(hearsUntil !== undefined && { hearsUntil: Number(hearsUntil) }),
})

const connectionOf = (item: Item) => String(item[key.sort]).slice(connectionPartition('').length)

export const toItem = ({ roomId, connectionId, confirmed, ...session }: Session): Item => ({
  ...keys.session(roomId, connectionId),
  ...session,
  ...(!confirmed && { pending: true }),
})

export const toSession = (item: Item): Session => ({
  roomId: String(item[key.partition]).slice(roomPartition('').length),
  connectionId: connectionOf(item),
  user: String(item.user),
  name: String(item.name),
  canChat: item.canChat === true,
  isManager: item.isManager === true,
  isPresenter: item.isPresenter === true,
  logged: item.logged !== false,
  confirmed: item.pending !== true,
  joinedAt: Number(item.joinedAt),
  ...expiryOf(item),
})
