import { randomUUID } from 'node:crypto'
import type { DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb'
import { defaultQuotas, key } from '../../lambdas/bindings.ts'
import { grantRole } from '../../lambdas/domain/access/grants.ts'
import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'
import { DynamoBlocks } from '../../lambdas/store/blocks.ts'
import { DynamoCategories } from '../../lambdas/store/categories.ts'
import { toItem } from '../../lambdas/store/entries.ts'
import { DynamoGrants } from '../../lambdas/store/grants.ts'
import { DynamoInvitations } from '../../lambdas/store/invitations.ts'
import { type Key, keys } from '../../lambdas/store/keys.ts'
import { DynamoLog } from '../../lambdas/store/log.ts'
import { DynamoProfiles } from '../../lambdas/store/profiles.ts'
import { DynamoRecord } from '../../lambdas/store/record.ts'
import { DynamoRooms } from '../../lambdas/store/rooms.ts'
import { marshal, Table } from '../../lambdas/store/table.ts'
import { progress } from '../bench/progress.ts'
import { clock } from '../bench/real-clock.ts'
import { messageAt, sentAt } from './conversation.ts'
import { categoryAt, longRoom, type RoomWithMembers, roomAt, roomId, shortRoom } from './population.ts'
import { putAll } from './put-all.ts'

export interface Size {
  rooms: number
  categories: number
  messages: number
}

export const defaultSize: Size = { rooms: 5000, categories: 40, messages: 100_000 }

/** Messages of the short room: more than one page of a resume. */
export const fewMessages = 300

export interface Tables {
  rooms: string
  messages: string
  records: string
}

/** The number of written items, without those that existed before. */
export type FillResult = Record<'rooms' | 'memberships' | 'messages', number>

/** Fills tables with rooms and messages. Items of an earlier, even interrupted run remain unchanged. */
export async function fill(client: DynamoDBClient, tables: Tables, size: Size): Promise<FillResult> {
  const rooms = Array.from({ length: size.rooms }, (_, at) => roomAt(at, size.categories))
  const filled = await fillRooms(client, tables, rooms, size.categories)
  const few = await fillLog(client, tables.messages, roomId(shortRoom), Math.min(fewMessages, size.messages))
  return { ...filled, messages: few + (await fillLog(client, tables.messages, roomId(longRoom), size.messages)) }
}

/** Uses the stores, as the verbs do. The rooms of one category are made one after another, as its item has their number. */
async function fillRooms(
  client: DynamoDBClient,
  tables: Tables,
  all: readonly RoomWithMembers[],
  categories: number,
): Promise<Pick<FillResult, 'rooms' | 'memberships'>> {
  const table = new Table(client, clock, tables.rooms)
  const stores = {
    rooms: new DynamoRooms(client, clock, tables.rooms, tables.messages, tables.records),
    categories: new DynamoCategories(client, clock, tables.rooms, tables.records),
    roles: new DynamoGrants(client, clock, tables.rooms),
    people: new DynamoProfiles(client, clock, tables.rooms),
    records: new DynamoRecord(client, clock, tables.records),
    blocks: new DynamoBlocks(client, clock, tables.rooms),
    invitations: new DynamoInvitations(client, clock, tables.rooms),
    // Administrators have no quotas of a day.
    quotas: { take: async () => true },
    settings: { quotas: { ...defaultQuotas, grantsPerRoom: 1e9, invitationsPerDay: 10_000 } },
  }
  let [done, rooms, memberships] = [0, 0, 0]
  await forEachConcurrent(Array(categories).keys(), async (at) => {
    const category = categoryAt(at)
    await stores.categories.create(category)
    const own = all.filter(({ room }) => room.categoryId === category.categoryId)
    const grantKey = ({ room }: RoomWithMembers, principal: string) => keys.grant(room.roomId, 'member', principal)
    const exists = await existing(table, [
      ...own.map(({ room }) => keys.room(room.roomId)),
      ...own.flatMap((each) => each.members.map((principal) => grantKey(each, principal))),
    ])
    for (const each of own) {
      const { room } = each
      if (!exists(keys.room(room.roomId))) {
        const outcome = await stores.rooms.create(room, undefined)
        if (outcome !== 'created') throw new Error(`The room ${room.name} cannot be made: ${outcome}.`)
        rooms++
      }
      const missing = each.members.filter((principal) => !exists(grantKey(each, principal)))
      const creator = { user: room.createdBy, name: room.createdBy, groups: [], admin: true }
      if (missing.length > 0) await grantRole(stores, creator, room, 'member', missing, room.createdAt)
      memberships += missing.length
      if (++done % 500 === 0) progress(`traffic: ${done} of ${all.length} rooms`)
    }
  })
  return { rooms, memberships }
}

async function existing(table: Table, wanted: readonly Key[]): Promise<(itemKey: Key) => boolean> {
  const nameOf = (item: Record<string, unknown>) => `${item[key.partition]} ${item[key.sort]}`
  const found = new Set((await table.getAll(wanted)).map(nameOf))
  return (itemKey) => found.has(nameOf(itemKey))
}

const batch = 25
/** The entries of a round are written concurrently. Earlier rounds are complete, so gaps exist only in the round of the head. */
const round = 8 * batch

async function fillLog(client: DynamoDBClient, table: string, log: string, count: number): Promise<number> {
  const messages = new DynamoLog(client, clock, table)
  const head = await messages.head(log)
  if (!head) throw new Error('The room of the messages does not exist.')
  if (head.seq >= count) return 0
  if (head.seq > 0 && head.sentAt !== sentAt(head.seq)) {
    throw new Error(`The room ${log} has messages that this program did not write.`)
  }
  for (let first = head.seq - (head.seq % round) + 1; first <= count; first += round) {
    const last = Math.min(first + round - 1, count)
    const requests: WriteRequest[] = Array.from({ length: last - first + 1 }, (_, at) => {
      const entry = messageAt(first + at, (body) => messages.digest(body))
      const attempt = randomUUID().slice(0, 8)
      return { PutRequest: { Item: marshal({ ...keys.entry(log, entry.seq), ...toItem(entry), attempt }) } }
    })
    const starts = Array.from({ length: Math.ceil(requests.length / batch) }, (_, at) => at * batch)
    await Promise.all(starts.map((start) => putAll(client, clock, table, requests.slice(start, start + batch))))
    if (last % 10_000 === 0) progress(`traffic: ${last} of ${count} messages`)
  }
  return count - head.seq
}
