import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

const world = aWorld()

/** Invalid frames, sent by mistake or on purpose. `R` stands for the id of a room that the sender has joined. */
const bad: [what: string, frame: string, field?: string][] = [
  ['text that is not JSON', 'hello'],
  ['an empty frame', ''],
  ['an array', '[{"action":"send"}]'],
  ['null', 'null'],
  ['a number', '42'],
  ['an unknown verb', '{"action":"dance","id":"1"}', 'action'],
  ['an inherited property as a verb', '{"action":"constructor","id":"1"}', 'action'],
  ['__proto__ as a verb', '{"action":"__proto__","id":"1"}', 'action'],
  ['a verb that is not a string', '{"action":["send"],"id":"1"}', 'action'],
  ['no verb', '{"id":"1"}', 'action'],
  ['an id that is not a string', '{"action":"hello","id":7}', 'id'],
  ['an id that is too long', `{"action":"hello","id":"${'x'.repeat(65)}"}`, 'id'],
  ['a missing room', '{"action":"send","id":"1","text":"x"}', 'roomId'],
  ['a missing text', '{"action":"send","id":"1","roomId":"R"}', 'text'],
  ['a text of a wrong type', '{"action":"send","id":"1","roomId":"R","text":{"a":1}}', 'text'],
  ['an empty text', '{"action":"send","id":"1","roomId":"R","text":""}', 'text'],
  ['a text over the limit', `{"action":"send","id":"1","roomId":"R","text":"${'ä'.repeat(2049)}"}`, 'text'],
  ['a lone surrogate', '{"action":"send","id":"1","roomId":"R","text":"\\ud83d"}', 'text'],
  ['a NUL', '{"action":"send","id":"1","roomId":"R","text":"a\\u0000b"}', 'text'],
  ['a prototype', '{"action":"send","id":"1","roomId":"R","text":"x","__proto__":{"admin":true}}', '__proto__'],
  [
    'a prototype further down',
    '{"action":"send","id":"1","roomId":"R","text":"x","rich":{"__proto__":{}}}',
    '__proto__',
  ],
  [
    'very deep nesting',
    `{"action":"send","id":"1","roomId":"R","text":"x","parts":${'['.repeat(9000)}${']'.repeat(9000)}}`,
    'parts',
  ],
  [
    'a number beyond 2^53',
    '{"action":"send","id":"1","roomId":"R","text":"x","clientMessageId":"a","after":9007199254740993}',
    'after',
  ],
  [
    'a number that is too large for a double',
    '{"action":"send","id":"1","roomId":"R","text":"x","clientMessageId":"a","after":1e400}',
    'after',
  ],
  ['a negative position', '{"action":"history","id":"1","roomId":"R","after":-1}', 'after'],
  ['a fraction as a position', '{"action":"history","id":"1","roomId":"R","after":1.5}', 'after'],
  [
    'a clientMessageId without after',
    '{"action":"send","id":"1","roomId":"R","text":"x","clientMessageId":"a"}',
    'after',
  ],
  ['an unknown part', '{"action":"send","id":"1","roomId":"R","text":"x","parts":[{"type":"html"}]}', 'parts.0.type'],
  [
    'a link with a script',
    '{"action":"send","id":"1","roomId":"R","text":"x","parts":[{"type":"link","text":"x","href":"javascript:alert(1)"}]}',
    'parts.0.href',
  ],
  ['two names for one room', '{"action":"join","id":"1","roomId":"R","roomName":"R"}', 'roomId'],
  ['no name for a room', '{"action":"join","id":"1"}', 'roomId'],
  ['an address that is not a chat URI', '{"action":"join","id":"1","roomUri":"http://x"}', 'roomUri'],
  ['a limit above the maximum', '{"action":"join","id":"1","roomId":"R","limit":501}', 'limit'],
  ['a made-up cursor', '{"action":"history","id":"1","roomId":"R","cursor":"WyJ4IiwxXQ"}', 'cursor'],
  ['a name with a directional override', '{"action":"createRoom","id":"1","name":"a\\u202eb"}', 'name'],
  ['a blank name', '{"action":"createRoom","id":"1","name":"   "}', 'name'],
  ['no principals', '{"action":"grant","id":"1","roomId":"R","role":"member","principals":[]}', 'principals'],
  [
    'a principal without a kind',
    '{"action":"grant","id":"1","roomId":"R","role":"member","principals":["bob"]}',
    'principals.0',
  ],
  ['an unknown role', '{"action":"grant","id":"1","roomId":"R","role":"creator","principals":["user:bob"]}', 'role'],
  ['a position in sync that is not a number', '{"action":"sync","id":"1","rooms":{"R":"1"}}', 'rooms.R'],
]

describe('bad input', () => {
  let alice: ChatSocket
  let room: Frame

  beforeEach(async () => {
    room = await world().room()
    alice = await world().joined('alice', room)
  })

  it('gets an error that names the field; nothing is stored, and the connection stays open', async () => {
    for (const [what, frame, field] of bad) {
      const reply = await alice.raw(frame.replaceAll('"R"', `"${room.roomId}"`))
      const details = field === undefined ? undefined : { field: field.replace('.R', `.${room.roomId}`) }
      expect({ what, ...reply.error }).toMatchObject({
        what,
        code: 'invalid',
        retryable: false,
        ...(details && { details }),
      })
      expect(reply.error.message).not.toMatch(/undefined|\[object/)
    }
    expect(await alice.ask('history', { roomId: room.roomId })).toMatchObject({ messages: [], head: 0 })
  })

  it('cannot change the author or the position of a message', async () => {
    const claim = {
      user: 'root',
      from: { user: 'root', name: 'Root' },
      author: 'root',
      seq: 99,
      groups: ['chat-admins'],
    }
    const { message } = await alice.ask('send', { roomId: room.roomId, text: 'Me', ...claim })
    expect(message).toMatchObject({ from: { user: 'alice', name: 'Alice' }, seq: 1 })
  })

  it('in a binary frame closes the connection with 1003 and is not executed', async () => {
    alice.socket.send(Buffer.from(JSON.stringify({ action: 'send', roomId: room.roomId, text: 'In bytes' })))
    expect(await alice.closed).toBe(1003)
    const other = await world().joined('alice', room)
    expect((await other.ask('history', { roomId: room.roomId })).head).toBe(0)
  })

  it('in a frame of more than 32 KiB closes only this connection, with 1009', async () => {
    const other = await world().joined('alice', room)
    alice.socket.send(JSON.stringify({ action: 'send', roomId: room.roomId, text: 'x'.repeat(33 * 1024) }))
    expect(await alice.closed).toBe(1009)
    expect((await other.ask('history', { roomId: room.roomId })).head).toBe(0)
  })
})
