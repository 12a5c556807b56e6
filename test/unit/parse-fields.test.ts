import type * as z from 'zod/mini'
import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import { BadFrame, parseFrame, parseObject } from '../../protocol/parse.ts'

function refused(schema: z.ZodMiniType, frame: object): BadFrame {
  try {
    parseFrame(schema, parseObject(JSON.stringify(frame)))
  } catch (error) {
    if (error instanceof BadFrame) return error
    throw error
  }
  throw new Error('The frame was accepted.')
}

const accepts = (schema: z.ZodMiniType, frame: object) => {
  expect(() => parseFrame(schema, parseObject(JSON.stringify(frame)))).not.toThrow()
}

const send = { roomId: 'r', text: 'x' }
const part = (value: object) => ({ roomId: 'r', parts: [{ type: 'text', text: 'x' }, value] })
const create = { name: 'Lobby' }
const grant = { roomId: 'r', role: 'member', principals: ['user:ana'] }
const oneTooMany = Array.from({ length: 101 }, (_, nr) => nr)

describe('the error of a wrong field names it and begins with its name', () => {
  it.each<[string, z.ZodMiniType, object]>([
    ['roomId', frames.leave, {}],
    ['roomId', frames.leave, { roomId: '' }],
    ['roomId', frames.leave, { roomId: 7 }],
    ['roomId', frames.leave, { roomId: ['r'] }],
    ['roomId', frames.leave, { roomId: 'x'.repeat(65) }],
    ['roomId', frames.leave, { roomId: '😀'.repeat(65) }],
    ['roomId', frames.join, {}],
    ['roomId', frames.join, { roomId: 'r', roomName: 'Lobby' }],
    ['roomUri', frames.join, { roomUri: 'https://chat/r' }],
    ['roomUri', frames.join, { roomUri: `chat://d/${'x'.repeat(512)}` }],
    ['roomName', frames.getRoom, { roomName: ' ' }],
    ['rooms', frames.sync, {}],
    ['rooms', frames.sync, { rooms: [] }],
    ['rooms', frames.sync, { rooms: Object.fromEntries(oneTooMany.map((nr) => [`r${nr}`, 0])) }],
    ['before', frames.history, { roomId: 'r', after: 1, before: 2 }],
    ['cursor', frames.history, { roomId: 'r', cursor: '' }],
    ['cursor', frames.history, { roomId: 'r', cursor: 'x'.repeat(1025) }],
    ['text', frames.send, { roomId: 'r' }],
    ['text', frames.send, { ...send, text: null }],
    ['text', frames.send, { ...send, text: '' }],
    ['text', frames.send, { ...send, text: ' \n\t\u00a0\u3000' }],
    ['text', frames.send, { ...send, text: 'x'.repeat(4097) }],
    ['text', frames.send, { ...send, text: '€'.repeat(1366) }],
    ['text', frames.send, { ...send, text: '😀'.repeat(1025) }],
    ['text', frames.send, { ...send, title: 'T', text: 'x'.repeat(16 * 1024 + 1) }],
    [
      'text',
      frames.send,
      { ...send, text: '\n'.repeat(8192), title: 'T', rich: { contentType: 'a/b', body: '"'.repeat(4200) } },
    ],
    ['after', frames.send, { ...send, clientMessageId: 'm' }],
    ['clientMessageId', frames.send, { ...send, after: 1 }],
    ['clientMessageId', frames.send, { ...send, after: 1, clientMessageId: 'x'.repeat(65) }],
    ['alert', frames.send, { ...send, alert: 'yes' }],
    ['title', frames.send, { ...send, title: '' }],
    ['title', frames.send, { ...send, title: 'a\nb' }],
    ['title', frames.send, { ...send, title: '😀'.repeat(201) }],
    ['rich', frames.send, { ...send, rich: 'bold' }],
    ['rich.contentType', frames.send, { ...send, rich: { contentType: 'html', body: 'x' } }],
    ['rich.body', frames.send, { ...send, rich: { contentType: 'text/html' } }],
    ['parts', frames.send, { ...send, parts: [] }],
    ['parts', frames.send, { ...send, parts: oneTooMany.map(() => ({ type: 'text', text: 'x' })) }],
    ['parts.1', frames.send, { ...send, parts: [{ type: 'text', text: 'x' }, null] }],
    ['parts.1.type', frames.send, part({ type: 'image' })],
    ['parts.1.type', frames.send, part({})],
    ['parts.1.text', frames.send, part({ type: 'text', text: '' })],
    ['parts.1.emoticon', frames.send, part({ type: 'emoticon', emoticon: 'poop' })],
    ['parts.1.roomId', frames.send, part({ type: 'roomLink', name: 'x' })],
    ['name', frames.createRoom, {}],
    ['name', frames.createRoom, { name: '   ' }],
    ['name', frames.createRoom, { name: 'x'.repeat(65) }],
    ['description', frames.createRoom, { ...create, description: 'x'.repeat(513) }],
    ['description', frames.createRoom, { ...create, description: 'a\u202eb' }],
    ['privacy', frames.createRoom, { ...create, privacy: 'OPEN' }],
    ['auditorium', frames.createRoom, { ...create, auditorium: 1 }],
    ['invitations', frames.createRoom, { ...create, invitations: true }],
    ['role', frames.grant, { ...grant, role: 'creator' }],
    ['role', frames.grant, { ...grant, role: ['member'] }],
    ['principals', frames.grant, { ...grant, principals: [] }],
    ['principals', frames.grant, { ...grant, principals: 'user:ana' }],
    ['principals', frames.grant, { ...grant, principals: oneTooMany.map((nr) => `user:${nr}`) }],
    ...['ana', 'user:', 'role:x', 'Everyone', 'user:a\nb', `user:${'x'.repeat(129)}`, 'xuser:ana', 7].map(
      (principal): [string, z.ZodMiniType, object] => [
        'principals.1',
        frames.revoke,
        { ...grant, principals: ['user:ana', principal] },
      ],
    ),
  ])('%s', (field, schema, frame) => {
    const error = refused(schema, frame)
    expect(error.field).toBe(field)
    expect(error.message.startsWith(`${field} `)).toBe(true)
  })
})

describe('a time', () => {
  const timeFields: [string, z.ZodMiniType, (time: string) => object][] = [
    ['from', frames.history, (from) => ({ roomId: 'r', from })],
    ['to', frames.history, (to) => ({ roomId: 'r', to })],
    ['to', frames.removeMessages, (to) => ({ roomId: 'r', to })],
    ['from', frames.record, (from) => ({ roomId: 'r', from })],
    ['before', frames.purge, (before) => ({ roomId: 'r', before })],
  ]

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-04-31T12:00:00+02:00',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T24:00Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00',
    '2026-01-01',
    'yesterday',
    '',
  ])('cannot be %p', (time) => {
    for (const [field, schema, frame] of timeFields) expect(refused(schema, frame(time)).field).toBe(field)
  })

  it.each([
    '2026-11-22T22:33:01Z',
    '2026-11-22T22:33:01.123Z',
    '2026-11-22T22:33:01.123456789Z',
    '2026-11-22T23:59:59-11:30',
    '2026-01-01T00:00:00+14:00',
    '2026-12-31T00:00Z',
    '2028-02-29T00:00:00Z',
    '2000-02-29T23:59:59.999Z',
    '0000-02-29T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('can be %p', (time) => {
    for (const [, schema, frame] of timeFields) accepts(schema, frame(time))
  })
})

describe('a link', () => {
  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc',
    '//host',
    '/x',
    'x',
    '',
    ' https://a.b',
    'https://',
    'https:// a',
    'https://a.b ',
    'https://a.b/c d',
    'https://a.b/\tc',
    'https://a.b\n',
    'https://a.b\r\n/c',
    'https://a.b/\u00a0c',
    'https://a.b/\u2028',
    'mailto:ana@a.b ',
    'mailto: ana@a.b',
    'blob:https://a.b/c',
  ])('cannot be %p', (href) => {
    expect(refused(frames.send, part({ type: 'link', text: 'x', href })).field).toBe('parts.1.href')
  })

  it.each(['https://example.org', 'HTTP://example.org/a?b=c#d', 'mailto:ana@example.org', 'https://bücher.example/ü'])(
    'can be %p',
    (href) => {
      accepts(frames.send, part({ type: 'link', text: 'x', href }))
    },
  )
})

describe('a name', () => {
  const invisible = [
    '\u202e',
    '\u202a',
    '\u2066',
    '\u2069',
    '\u200b',
    '\u200e',
    '\u061c',
    '\ufeff',
    '\u2060',
    '\u2028',
    '\u0085',
    '\u007f',
    '\t',
    '\n',
  ]

  it.each(invisible.map((character) => [character.codePointAt(0)?.toString(16), character]))(
    'cannot contain U+%s',
    (_, character) => {
      for (const name of [`ad${character}min`, `${character}admin`, `admin${character}`]) {
        expect(refused(frames.createRoom, { name }).field).toBe('name')
        expect(refused(frames.send, part({ type: 'roomLink', roomId: 'r', name })).field).toBe('parts.1.name')
        expect(refused(frames.send, { ...send, title: name }).field).toBe('title')
      }
    },
  )

  it.each(['Lobby', '大厅', 'ক্ষ', 'می‌خواهم', '👩‍👩‍👧', '😀'.repeat(64), 'x'.repeat(64), '-'])('can be %p', (name) => {
    accepts(frames.createRoom, { name })
  })

  it.each([
    ['soft hyphens', '\u00ad\u00ad'],
    ['joiners', '\u200d'],
    ['variation selectors', '\ufe0f'],
    ['tags', '\u{e0041}\u{e0042}'],
  ])('cannot consist of invisible characters: %s', (_, name) => {
    expect(refused(frames.createRoom, { name }).field).toBe('name')
  })
})

describe('a field at its limit is accepted', () => {
  it.each<[string, z.ZodMiniType, object]>([
    ['a text of 4 KiB', frames.send, { ...send, text: '😀'.repeat(1024) }],
    ['a text of 16 KiB with a title', frames.send, { ...send, title: 'T', text: 'x'.repeat(16 * 1024) }],
    ['a title of 200 characters', frames.send, { ...send, title: '😀'.repeat(200) }],
    ['100 parts', frames.send, { roomId: 'r', parts: Array(100).fill({ type: 'emoticon', emoticon: 'wink' }) }],
    ['100 rooms', frames.sync, { rooms: Object.fromEntries(oneTooMany.slice(1).map((nr) => [`r${nr}`, 0])) }],
    ['a description of 512 characters', frames.createRoom, { ...create, description: '😀'.repeat(512) }],
    ['a description of lines', frames.createRoom, { ...create, description: 'a\r\n\tb' }],
    ['100 principals', frames.grant, { ...grant, principals: oneTooMany.slice(1).map((nr) => `group:${nr}`) }],
    [
      'unusual principals',
      frames.grant,
      { ...grant, principals: ['everyone', 'user:a:b', 'group:ü 😀', `user:${'x'.repeat(128)}`] },
    ],
    ['an id of 64 characters', frames.leave, { roomId: '😀'.repeat(limits.idCharacters) }],
    ['a clientMessageId of 64', frames.send, { ...send, after: 0, clientMessageId: '😀'.repeat(limits.idCharacters) }],
    ['a clientRoomId of 64', frames.createRoom, { ...create, clientRoomId: '😀'.repeat(limits.idCharacters) }],
    ['a roomUri of 512', frames.join, { roomUri: `chat://d/${'😀'.repeat(503)}` }],
    ['an href of 2048', frames.send, part({ type: 'link', text: 'x', href: `https://d/${'😀'.repeat(2038)}` })],
  ])('%s', (_, schema, frame) => accepts(schema, frame))
})

it('a new room gets default values', () => {
  expect(parseFrame(frames.createRoom, parseObject('{"name":"Lobby"}'))).toEqual({
    name: 'Lobby',
    categoryId: 'general',
    description: '',
    privacy: 'closed',
    auditorium: false,
    invitations: 'inherit',
  })
})
