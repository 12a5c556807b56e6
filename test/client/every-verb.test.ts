import * as z from 'zod/mini'
import type { ChatClient } from '../../client/index.ts'
import * as frames from '../../protocol/frames.ts'
import { replies } from '../../protocol/replies/replies.ts'
import type { Requests } from '../../protocol/types.ts'
import { ScriptedServer } from './scripted-server.ts'

/** Sends each verb of the contract with all its fields through the SDK. */

type Verb = keyof typeof replies
type Schema = Record<string, unknown>

/** A value for each choice of a schema, with all its fields. */
function samples(schema: Schema, defs: Schema = {}): unknown[] {
  const { $ref, const: literal, enum: values, items, properties, additionalProperties } = schema
  if (typeof $ref === 'string') return samples(defs[$ref.split('/').at(-1) ?? ''] as Schema, defs)
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices)) return choices.flatMap((choice: Schema) => samples(choice, defs))
  if (literal !== undefined) return [literal]
  if (Array.isArray(values)) return [values[0]]
  if (items) return [samples(items as Schema, defs)]
  if (properties) {
    const fields = Object.entries(properties as Record<string, Schema>)
    return [Object.fromEntries(fields.map(([name, field]) => [name, samples(field, defs)[0]]))]
  }
  if (additionalProperties) return [{ some: samples(additionalProperties as Schema, defs)[0] }]
  if (schema.type === 'integer') return [7]
  if (schema.type === 'boolean') return [true]
  return [schema.type === 'string' ? 'some' : {}]
}

function sampleOf(schema: z.ZodMiniType, io: 'input' | 'output', choice = 0): object {
  const written: Schema = z.toJSONSchema(schema, { io, target: 'draft-7' })
  return Object(samples(written, Object(written.definitions ?? {}))[choice])
}

/** The method call for each verb, with all fields of the verb. */
const calls: { [Name in Verb]: (client: ChatClient, asked: Requests[Name]) => Promise<unknown> } = {
  ping: (client) => client.ping(),
  hello: (client) => client.hello(),
  join: (client, { roomId = '', after }) => client.session().join({ roomId }, { after }),
  leave: async (client) => {
    const session = client.session()
    await session.join({ roomId: 'left' })
    await session.leave()
  },
  send: async (client, { roomId: _, text, clientMessageId, ifHead, ...rest }) => {
    const session = client.session()
    await session.join({ roomId: 'said' })
    const sent = new Promise((resolve) =>
      session.on('sent', ({ message, duplicate }) => resolve({ message, duplicate })),
    )
    await session.send({ text: text ?? '', ...rest }, { clientMessageId, ifHead })
    return sent
  },
  history: (client, asked) => client.historyPage({ ...asked, roomId: asked.roomId ?? '' }),
  participants: (client, asked) => client.participants(asked),
  sync: (client, { rooms }) => client.sync(rooms),
  createRoom: async (client, asked) => ({ room: await client.createRoom(asked) }),
  getRoom: (client, { roomId = '' }) => client.getRoom({ roomId }),
  updateRoom: async (client, asked) => ({ room: await client.updateRoom(asked) }),
  moveRoom: (client, { roomId, categoryId }) => client.moveRoom(roomId, categoryId),
  deleteRoom: (client, { roomId }) => client.deleteRoom(roomId),
  browse: (client, asked) => client.browse(asked),
  categories: async (client, asked) => ({ categories: await client.categories(asked) }),
  createCategory: async (client, asked) => ({ category: await client.createCategory(asked) }),
  updateCategory: async (client, asked) => ({ category: await client.updateCategory(asked) }),
  deleteCategory: (client, { categoryId }) => client.deleteCategory(categoryId),
  grant: async (client, asked) => ({ changed: await client.grant(asked) }),
  revoke: async (client, asked) => ({ changed: await client.revoke(asked) }),
  roles: (client, asked) => client.roles(asked),
  invitations: (client, { after }) => client.invitations(after),
  block: (client, { user }) => client.block(user),
  unblock: (client, { user }) => client.unblock(user),
  blocks: async (client) => ({ users: await client.blocks() }),
  preference: (client, asked) => client.preference(asked),
  removeMessages: (client, asked) => client.removeMessages(asked),
  purge: (client, { roomId, before }) => client.purge(roomId, before),
  record: (client, asked) => client.recordPage(asked),
  suspend: async (client, asked) => ({ suspended: await client.suspend(asked) }),
  unsuspend: async (client, { user }) => ({ unsuspended: await client.unsuspend(user) }),
  suspended: (client, asked) => client.suspended(asked),
  retention: async (client, asked) => ({ days: await client.retention(asked) }),
  legalHold: async (client, asked) => ({ hold: await client.legalHold(asked) }),
  erase: async (client, asked) => ({ job: await client.erase(asked) }),
  disconnect: async (client, asked) => ({ disconnected: await client.disconnectUser(asked) }),
}

/** Fields that the SDK fills in itself, or that are an alternative to another field. */
const ownFields: Partial<Record<Verb, readonly string[]>> = {
  join: ['roomUri', 'roomName', 'limit'],
  getRoom: ['roomUri', 'roomName'],
  send: ['roomId', 'after'],
  leave: ['roomId'],
  history: ['roomIds'],
  categories: ['cursor'],
  blocks: ['cursor'],
}

/** Cursors that a method follows to the end itself. */
const followedCursors: Partial<Record<Verb, readonly string[]>> = { categories: ['cursor'], blocks: ['cursor'] }

const requests: Partial<Record<Verb, z.ZodMiniType>> = frames
const without = (value: object, names: readonly string[] = []) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

describe('the SDK', () => {
  it('has all verbs of the server', () => {
    expect(Object.keys(calls).sort()).toEqual(Object.keys(replies).sort())
    expect(Object.keys(calls).sort()).toEqual([...Object.keys(frames), 'ping'].sort())
  })

  it.each(Object.keys(replies) as Verb[])(
    'sends every field of %s and returns every field of its reply',
    async (verb) => {
      const schema = requests[verb]
      const asked = Object(schema ? sampleOf(schema, 'input') : {})
      const answered = without(sampleOf(replies[verb], 'output'), followedCursors[verb])
      const server = new ScriptedServer()
      const client = server.client()
      await client.connect()
      server.script = ({ action }) => (action === verb ? answered : undefined)
      const given = await calls[verb](client, asked)
      const sent = server.newest.askedFor(verb).at(-1) ?? {}
      expect(without(sent, ownFields[verb])).toMatchObject(without(asked, ownFields[verb]))
      if (Object.keys(answered).length > 0) {
        // A join with `after` raises its messages as events instead.
        const { messages: _, ...joined } = answered
        expect(given).toMatchObject(verb === 'join' ? joined : answered)
      }
      client.close()
    },
  )

  it('can request pages of several rooms at once', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const answered = sampleOf(replies.history, 'output', 1)
    server.script = ({ action }) => (action === 'history' ? answered : undefined)
    const { roomId: _, cursor: __, ...asked } = Object(sampleOf(frames.history, 'input'))
    expect(await client.historyPages(asked)).toEqual(answered)
    expect(server.newest.askedFor('history').at(-1)).toMatchObject(asked)
    client.close()
  })

  it.each<[string, (client: ChatClient) => AsyncIterable<unknown> | Promise<unknown[]>, string]>([
    ['categories', (client) => client.categories(), 'categories'],
    ['blocks', (client) => client.blocks(), 'users'],
    ['record', (client) => client.record({ roomId: 'lobby' }), 'entries'],
  ])('reads all pages of %s', async (verb, read, list) => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    server.script = ({ action, cursor }) => {
      if (action !== verb) return undefined
      const page = cursor === undefined ? 1 : Number(cursor)
      return { [list]: [{ page }], ...(page < 3 && { cursor: String(page + 1) }) }
    }
    const all: unknown[] = []
    for await (const one of await read(client)) all.push(one)
    expect(all).toEqual([{ page: 1 }, { page: 2 }, { page: 3 }])
    client.close()
  })
})
