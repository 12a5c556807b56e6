import { randomUUID } from 'node:crypto'
import type { DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb'
import { key } from '../../lambdas/bindings.ts'
import { grantRole } from '../../lambdas/domain/access/grants.ts'
import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'
import { DynamoCategories } from '../../lambdas/store/categories.ts'
import { toItem } from '../../lambdas/store/entries.ts'
import { DynamoGrants } from '../../lambdas/store/grants.ts'
import { type Key, keys } from '../../lambdas/store/keys.ts'
import { DynamoLog } from '../../lambdas/store/log.ts'
import { DynamoProfiles } from '../../lambdas/store/profiles.ts'
import { DynamoRecord } from '../../lambdas/store/record.ts'
import { DynamoRooms } from '../../lambdas/store/rooms.ts'
import { marshal, Table } from '../../lambdas/store/table.ts'
import { progress } from '../bench/progress.ts'
import { clock } from '../bench/real-clock.ts'
import { messageAt, sentAt } from './conversation.ts'
import { categoryAt, type Inhabited, inhabitedAt, longRoom, roomId, shortRoom } from './population.ts'
import { putAll } from './put-all.ts'

export interface Size {
  rooms: number
  categories: number
  messages: number
}

export const usual: Size = { rooms: 5000, categories: 40, messages: 100_000 }

/** Messages of the room beside the long one, in all sizes: more than one page of a resume. */
export const fewMessages = 300

export interface Tables {
  rooms: string
  messages: string
  records: string
}

/** What was written this time; what stood already is not counted. */
export type Filled = Record<'rooms' | 'memberships' | 'messages', number>

/** Fills tables with rooms and messages. What is there from an earlier run, ended or not, is left as it is. */
export async function fill(client: DynamoDBClient, tables: Tables, size: Size): Promise<Filled> {
  const inhabited = Array.from({ length: size.rooms }, (_, at) => inhabitedAt(at, size.categories))
  const populated = await populate(client, tables, inhabited, size.categories)
  const few = await talk(client, tables.messages, roomId(shortRoom), Math.min(fewMessages, size.messages))
  return { ...populated, messages: few + (await talk(client, tables.messages, roomId(longRoom), size.messages)) }
}

/** Through the stores, as the verbs do. A category at a time each: its rooms are counted in the category's item. */
async function populate(
  client: DynamoDBClient,
  tables: Tables,
  inhabited: readonly Inhabited[],
  categories: number,
): Promise<Pick<Filled, 'rooms' | 'memberships'>> {
  const table = new Table(client, clock, tables.rooms)
  const stores = {
    rooms: new DynamoRooms(client, clock, tables.rooms, tables.messages),
    categories: new DynamoCategories(client, clock, tables.rooms),
    roles: new DynamoGrants(client, clock, tables.rooms),
    people: new DynamoProfiles(client, clock, tables.rooms),
    records: new DynamoRecord(client, clock, tables.records),
  }
  let [seen, rooms, memberships] = [0, 0, 0]
  await forEachConcurrent(Array(categories).keys(), async (at) => {
    const category = categoryAt(at)
    await stores.categories.create(category)
    const own = inhabited.filter(({ room }) => room.categoryId === category.categoryId)
    const grantKey = ({ room }: Inhabited, principal: string) => keys.grant(room.roomId, 'member', principal)
    const there = await present(table, [
      ...own.map(({ room }) => keys.room(room.roomId)),
      ...own.flatMap((each) => each.members.map((principal) => grantKey(each, principal))),
    ])
    for (const each of own) {
      const { room } = each
      if (!there(keys.room(room.roomId))) {
        const outcome = await stores.rooms.create(room, undefined)
        if (outcome !== 'created') throw new Error(`The room ${room.name} cannot be made: ${outcome}.`)
        rooms++
      }
      const missing = each.members.filter((principal) => !there(grantKey(each, principal)))
      const audit = { createdAt: room.createdAt, createdBy: room.createdBy }
      if (missing.length > 0) await grantRole(stores, room, 'member', missing, audit)
      memberships += missing.length
      if (++seen % 500 === 0) progress(`load: ${seen} of ${inhabited.length} rooms`)
    }
  })
  return { rooms, memberships }
}

async function present(table: Table, wanted: readonly Key[]): Promise<(itemKey: Key) => boolean> {
  const nameOf = (item: Record<string, unknown>) => `${item[key.partition]} ${item[key.sort]}`
  const found = new Set((await table.getAll(wanted)).map(nameOf))
  return (itemKey) => found.has(nameOf(itemKey))
}

const batch = 25
/** Written together: all earlier rounds are whole, so whoever finds a head knows from where there may be holes. */
const round = 8 * batch

async function talk(client: DynamoDBClient, table: string, log: string, count: number): Promise<number> {
  const messages = new DynamoLog(client, clock, table)
  const head = await messages.head(log)
  if (!head) throw new Error('The room of the messages is not there.')
  if (head.seq >= count) return 0
  if (head.seq > 0 && head.sentAt !== sentAt(head.seq)) {
    throw new Error(`Somebody else has written to the room ${log}.`)
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
    if (last % 10_000 === 0) progress(`load: ${last} of ${count} messages`)
  }
  return count - head.seq
}
