import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { keys } from '../../lambdas/store/keys.ts'
import { marshal } from '../../lambdas/store/table.ts'
import { type Database, database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { roomOf } from '../support/memory/fixtures.ts'
import { fresh } from './ports.ts'

/** Versions before 0.2 folded `Straße` to `straße`; now it is folded to `strasse`. */
const oldName = 'Straße'

let db: Database
let stores: ReturnType<typeof dynamoStores>

beforeEach(async () => {
  db = await database()
  stores = dynamoStores(db.client(), db.tables)
})

afterEach(() => db.stop())

/** Creates a room whose name is stored as versions before 0.2 stored it. */
async function oldRoom(name = oldName) {
  const room = roomOf(fresh('room'), { name })
  await stores.rooms.create({ ...room, name: fresh('temporary') }, undefined)
  const put = async (item: object) =>
    db.client().send(new PutItemCommand({ TableName: db.tables.rooms, Item: marshal({ ...item }) }))
  const [, former] = keys.names(name)
  const { roomId, ...attributes } = room
  await put({ ...former, roomId })
  await put({ ...keys.room(roomId), ...attributes })
  return room
}

const named = (name: string) => stores.rooms.named(name)
const next = (room: ReturnType<typeof roomOf>, name: string) => ({ ...room, name, version: room.version + 1 })

test('a room of an earlier version is found by its name', async () => {
  const { roomId } = await oldRoom()
  expect(await named('STRAßE')).toBe(roomId)
})

test('its name is not given to a new room', async () => {
  await oldRoom()
  expect(await stores.rooms.create(roomOf(fresh('room'), { name: 'straße' }), undefined)).toBe('name_taken')
})

test('a new name frees the old one', async () => {
  const room = await oldRoom()
  expect(await stores.rooms.replace(room, next(room, 'Weg'))).toBe('replaced')
  expect([await named('Straße'), await named('Weg')]).toEqual([undefined, room.roomId])
})

test('another spelling of its name moves the name to its present key', async () => {
  const room = await oldRoom()
  expect(await stores.rooms.replace(room, next(room, 'STRASSE'))).toBe('replaced')
  expect([await named('Strasse'), await named('Straße')]).toEqual([room.roomId, room.roomId])
  expect(await stores.rooms.remove(next(room, 'STRASSE'))).toBe('removed')
  expect(await named('Strasse')).toBeUndefined()
})

test('its deletion does not free the name of a room with the present key', async () => {
  const room = await oldRoom()
  const other = roomOf(fresh('room'), { name: 'Strasse' })
  expect(await stores.rooms.create(other, undefined)).toBe('created')
  expect(await stores.rooms.remove(room)).toBe('removed')
  expect(await named('Strasse')).toBe(other.roomId)
})

test('a change of the description leaves its name as it is', async () => {
  const room = await oldRoom()
  expect(await stores.rooms.replace(room, { ...next(room, oldName), description: 'x' })).toBe('replaced')
  expect(await named(oldName)).toBe(room.roomId)
})
