import type * as z from 'zod/mini'
import * as frames from '../../protocol/frames.ts'
import { BadFrame, parseFrame, parseObject } from '../../protocol/parse.ts'

function messageOf(schema: z.ZodMiniType, frame: object): string {
  try {
    parseFrame(schema, parseObject(JSON.stringify(frame)))
  } catch (error) {
    if (error instanceof BadFrame) return error.message
    throw error
  }
  return 'accepted'
}

const time = '2026-11-22T22:33:01Z'
const many = (length: number) => Array.from({ length }, (_, nr) => `user:${nr}`)
const update = { roomId: 'r', version: 0 }
const change = { categoryId: 'c', version: 0 }
const removal = { roomId: 'r', search: 'x' }
const criteria = { criteria: { text: 'x' } }
const message = { roomId: 'r', text: 'x' }
const rich = (contentType: string) => ({ ...message, rich: { contentType, body: 'x' } })
const parts = (part: object) => ({ ...message, parts: [part] })

describe('the error of a frame just beyond a limit names the field and the limit', () => {
  it.each<[string, z.ZodMiniType, object]>([
    ['allowed must be at most 100', frames.createCategory, { name: 'C', allowed: many(101) }],
    ['denied must be at most 100', frames.updateCategory, { ...change, denied: many(101) }],
    ['creators.0 must be user:<sub>, group:<name> or everyone', frames.updateCategory, { ...change, creators: ['x'] }],
    ['creatable must be one of true', frames.categories, { creatable: false }],
    ['cursor must be at least 1', frames.categories, { cursor: '' }],
    ['criteria.text must be at most 200 characters', frames.browse, { criteria: { text: 'x'.repeat(201) } }],
    ['criteria.match must be one of any, all, phrase', frames.browse, { criteria: { text: 'x', match: 'some' } }],
    ['mine must be one of true', frames.browse, { mine: false }],
    ['managed must be one of true', frames.browse, { managed: false }],
    ['joinedBy must be at most 128 characters', frames.browse, { joinedBy: 'x'.repeat(129) }],
    ['joinedBy must not be empty', frames.browse, { joinedBy: ' ' }],
    ['joinedBy must have something to see', frames.browse, { joinedBy: '\u200d' }],
    ['limit must be at least 1', frames.browse, { ...criteria, limit: 0 }],
    ['limit must be at most 100', frames.browse, { ...criteria, limit: 101 }],
    ['privacy must be one of open, closed, secret', frames.browse, { ...criteria, privacy: 'x' }],
    ['roomIds must be at least 1', frames.history, { roomIds: [] }],
    ['roomIds must be at most 20', frames.history, { roomIds: many(21) }],
    ['roomIds must be different rooms', frames.history, { roomIds: ['r', 'r'] }],
    ['authors must be at least 1', frames.history, { roomId: 'r', authors: [] }],
    ['authors must be at most 100', frames.history, { roomId: 'r', authors: many(101) }],
    ['authors.0 must be at most 128 characters', frames.history, { roomId: 'r', authors: ['x'.repeat(129)] }],
    ['search must be at most 200 characters', frames.history, { roomId: 'r', search: 'x'.repeat(201) }],
    ['order must be one of oldest, newest', frames.history, { roomId: 'r', order: 'x' }],
    [
      'from must be at most 40 characters',
      frames.history,
      { roomId: 'r', from: `2026-01-01T00:00:00.${'0'.repeat(20)}Z` },
    ],
    ['seqs must be at least 1', frames.removeMessages, { roomId: 'r', seqs: [] }],
    ['seqs must be at most 100', frames.removeMessages, { roomId: 'r', seqs: many(101).map((_, nr) => nr + 1) }],
    ['seqs.0 must be at least 1', frames.removeMessages, { roomId: 'r', seqs: [0] }],
    ['replacement must be at most 4096 bytes', frames.removeMessages, { ...removal, replacement: 'x'.repeat(4097) }],
    ['data must be at most 16384 bytes', frames.preference, { label: 'l', data: `${'ü'.repeat(8192)}x` }],
    ['label must be at most 64 characters', frames.preference, { label: 'x'.repeat(65) }],
    ['members must be at most 100', frames.updateRoom, { ...update, members: many(101) }],
    ['invitations must be one of inherit, off', frames.updateRoom, { ...update, invitations: 'x' }],
    ['role must be one of member, manager, presenter', frames.roles, { roomId: 'r', role: 'x' }],
    ['rooms must name at most 100 rooms', frames.sync, { rooms: Object.fromEntries(many(101).map((id) => [id, 0])) }],
    ['title must be at most 200 characters', frames.send, { ...message, title: 'x'.repeat(201) }],
    ['rich.contentType must be at most 100 characters', frames.send, rich(`text/${'x'.repeat(96)}`)],
    [
      'rich.body must be at most 16384 bytes',
      frames.send,
      { ...message, rich: { contentType: 'a/b', body: 'x'.repeat(16_385) } },
    ],
    ['text must be at most 4096 bytes without a title', frames.send, { ...message, text: 'x'.repeat(4097) }],
    ['parts.0.text must be at most 16384 characters', frames.send, parts({ type: 'text', text: 'x'.repeat(16_385) })],
    [
      'parts.0.text must be at most 4096 bytes',
      frames.send,
      parts({ type: 'link', text: 'x'.repeat(4097), href: 'http://a' }),
    ],
    [
      'parts.0.href must be at most 2048 characters',
      frames.send,
      parts({ type: 'link', text: 'x', href: `http://${'x'.repeat(2042)}` }),
    ],
    [
      'parts.0.name must be at most 64 characters',
      frames.send,
      parts({ type: 'roomLink', roomId: 'r', name: 'x'.repeat(65) }),
    ],
    ['roomUri must be at most 512 characters', frames.join, { roomUri: `chat://d/${'x'.repeat(504)}` }],
  ])('%s', (message, schema, frame) => expect(messageOf(schema, frame)).toBe(`${message}.`))

  it('of the whole message', () => {
    const whole = 'text the whole message must be at most 24576 bytes.'
    const body = (length: number, text = 'x') => ({
      ...message,
      title: 'T',
      text,
      rich: { contentType: 'a/b', body: '"'.repeat(length) },
    })
    const { roomId: _, ...shell } = body(0)
    const space = 24_576 - JSON.stringify(shell).length
    const most = Math.floor(space / 2)
    expect(messageOf(frames.send, body(most, 'x'.repeat(1 + (space % 2))))).toBe('accepted')
    expect(messageOf(frames.send, body(most, 'x'.repeat(2 + (space % 2))))).toBe(whole)
    expect(messageOf(frames.send, body(most + 1))).toBe(whole)
    expect(messageOf(frames.send, { ...message, parts: [{ type: 'text', text: `x${'\n'.repeat(12_300)}` }] })).toBe(
      whole,
    )
  })
})

describe('the text of a message with parts', () => {
  const parts = [
    { type: 'text', text: 'Like ' },
    { type: 'emoticon', emoticon: 'wink' },
    { type: 'link', text: 'docs', href: 'https://a.b' },
    { type: 'roomLink', roomId: 'r', name: 'Lobby' },
  ]
  const differs = 'text must say the same as the parts.'

  it('can be left out, or be what the parts say, whatever the white space', () => {
    expect(messageOf(frames.send, { roomId: 'r', parts })).toBe('accepted')
    expect(messageOf(frames.send, { roomId: 'r', text: 'Like ;)docsLobby', parts })).toBe('accepted')
    expect(messageOf(frames.send, { roomId: 'r', text: ' Like\n ;)docsLobby ', parts })).toBe('accepted')
  })

  it.each(['Like ;)docs', 'Like ;) docsLobby', 'like ;)docsLobby', 'x'])('cannot be %p', (text) => {
    expect(messageOf(frames.send, { roomId: 'r', text, parts })).toBe(differs)
  })

  it('has the limits of a text', () => {
    const long = (length: number) => ({ roomId: 'r', parts: [{ type: 'text', text: 'x'.repeat(length) }] })
    expect(messageOf(frames.send, long(4096))).toBe('accepted')
    expect(messageOf(frames.send, long(4097))).toBe('text must be at most 4096 bytes without a title.')
    const story = { ...long(9000), title: 'T', parts: [...long(9000).parts, ...long(7385).parts] }
    expect(messageOf(frames.send, story)).toBe('text must be at most 16384 bytes.')
  })

  it('must have something in it', () => {
    expect(messageOf(frames.send, { roomId: 'r', parts: [{ type: 'text', text: ' \n' }] })).toBe(
      'text must not be empty.',
    )
    expect(messageOf(frames.send, { roomId: 'r' })).toBe('text must not be empty.')
  })
})

describe('contradictory or missing fields', () => {
  const oneSource =
    'criteria or else one of mine, managed, joinedBy, invitedAfter, categoryId must say which rooms, and only one of them.'
  const oneRoom = 'roomId or else roomIds must say which rooms, and only one of them.'
  const selection = 'seqs or else from, to, authors or search must say which messages.'
  const oneReference = 'roomId or else roomUri or roomName must name the room, and only one of them.'

  it.each<[string, z.ZodMiniType, object]>([
    [oneSource, frames.browse, {}],
    [oneSource, frames.browse, { ...criteria, mine: true }],
    [oneSource, frames.browse, { mine: true, managed: true }],
    [oneSource, frames.browse, { managed: true, joinedBy: 'ana' }],
    [oneSource, frames.browse, { joinedBy: 'ana', invitedAfter: 0 }],
    [oneSource, frames.browse, { invitedAfter: 0, categoryId: 'c' }],
    [oneRoom, frames.history, {}],
    [oneRoom, frames.history, { roomId: 'r', roomIds: ['s'] }],
    ['before goes without after.', frames.history, { roomId: 'r', after: 0, before: 0 }],
    ['match goes with search.', frames.history, { roomId: 'r', match: 'any' }],
    ['matchCase goes with search.', frames.history, { roomId: 'r', matchCase: false }],
    ['cursor continues one room, with roomId.', frames.history, { roomIds: ['r'], cursor: 'c' }],
    [selection, frames.removeMessages, { roomId: 'r' }],
    [selection, frames.removeMessages, { roomId: 'r', seqs: [1], from: time }],
    [selection, frames.removeMessages, { roomId: 'r', seqs: [1], to: time }],
    [selection, frames.removeMessages, { roomId: 'r', seqs: [1], authors: ['ana'] }],
    [selection, frames.removeMessages, { roomId: 'r', seqs: [1], search: 'x' }],
    ['cursor goes without seqs.', frames.removeMessages, { roomId: 'r', seqs: [1], cursor: 'c' }],
    ['match goes with search.', frames.removeMessages, { roomId: 'r', from: time, match: 'any' }],
    [oneReference, frames.getRoom, {}],
    [oneReference, frames.getRoom, { roomUri: 'chat://d/r', roomName: 'R' }],
    [oneReference, frames.join, { roomId: 'r', roomUri: 'chat://d/r' }],
    ['after goes with clientMessageId.', frames.send, { ...message, clientMessageId: 'm' }],
    ['clientMessageId goes with after.', frames.send, { ...message, after: 0 }],
  ])('are refused with: %s', (message, schema, frame) => expect(messageOf(schema, frame)).toBe(message))

  it.each<[string, z.ZodMiniType, object]>([
    ['only `from`', frames.removeMessages, { roomId: 'r', from: time }],
    ['only `to`', frames.removeMessages, { roomId: 'r', to: time }],
    ['only `authors`', frames.removeMessages, { roomId: 'r', authors: ['ana'] }],
    ['only `search`', frames.removeMessages, { roomId: 'r', search: 'x' }],
    ['a cursor of one room', frames.history, { roomId: 'r', cursor: 'c' }],
  ])('do not include %s', (_, schema, frame) => expect(messageOf(schema, frame)).toBe('accepted'))
})

describe('the form of a field', () => {
  it.each(['text/html', 'TEXT/HTML', 'application/vnd.x+json', 'a/1.2-3'])('allows the content type %s', (type) => {
    expect(messageOf(frames.send, rich(type))).toBe('accepted')
  })

  it.each(['text', 'text/', '/html', 'text/html; charset=x', '1/html', ' text/html', 'text/html ', 'text/h_l'])(
    'forbids the content type %p',
    (type) => expect(messageOf(frames.send, rich(type))).toBe('rich.contentType is not of the expected form.'),
  )

  it.each(['chat://d/r', 'chat://example.org:8080/0a-1b', 'chat://d/ü'])('allows the room URI %s', (roomUri) => {
    expect(messageOf(frames.join, { roomUri })).toBe('accepted')
  })

  it.each([
    'chat:/d/r',
    'xchat://d/r',
    'chat:///r',
    'chat://d/',
    'chat://d',
    'chat://d/r/s',
    'chat://d /r',
    'chat://d/r s',
    'CHAT://d/r',
  ])('forbids the room URI %p', (roomUri) =>
    expect(messageOf(frames.join, { roomUri })).toBe('roomUri is not of the expected form.'),
  )

  it.each([
    '2026-01-01T1:00:00Zx',
    'x2026-01-01T01:00:00Z',
    '26-01-01T00:00:00Z',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00+1:00',
    '2026-01-01T00:00:00+01:0',
    '2026-01-01T00:00:00+01:00 (x)',
    '2026-01-01TZ',
    '2026-01-1T00:00:00Z',
  ])('forbids the time %p', (before) =>
    expect(messageOf(frames.purge, { roomId: 'r', before })).toBe(
      'before must be a time such as 2026-11-22T22:33:01Z.',
    ),
  )

  it.each(['http://a', 'HTTPS://a', 'mailto:a'])('allows the link %s', (href) => {
    expect(messageOf(frames.send, parts({ type: 'link', text: 'x', href }))).toBe('accepted')
  })

  it.each(['http:/a', 'xhttp://a', 'http://', 'mailto:', 'http://a b', 'http://[a', 'httpx://a'])(
    'forbids the link %p',
    (href) => {
      expect(messageOf(frames.send, parts({ type: 'link', text: 'x', href }))).toBe(
        'parts.0.href must be an http, https or mailto address without white space.',
      )
    },
  )

  it('includes a type, and the error names the expected one', () => {
    expect(messageOf(frames.leave, { roomId: 7 })).toBe('roomId must be of type string.')
    expect(messageOf(frames.sync, { rooms: [] })).toBe('rooms must be of type object.')
    expect(messageOf(frames.updateRoom, { ...update, disabled: 1 })).toBe('disabled must be of type boolean.')
  })
})
