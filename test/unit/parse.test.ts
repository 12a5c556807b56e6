import type * as z from 'zod/mini'
import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import { BadFrame, idOf, parseFrame, parseObject } from '../../protocol/parse.ts'

/** The error for the text of a frame. */
function refused(text: string, schema: z.ZodMiniType = frames.hello): BadFrame {
  try {
    const object = parseObject(text)
    idOf(object)
    parseFrame(schema, object)
  } catch (error) {
    if (error instanceof BadFrame) return error
    throw error
  }
  throw new Error('The frame was accepted.')
}

const parsed = <Schema extends z.ZodMiniType>(schema: Schema, frame: object) =>
  parseFrame(schema, parseObject(JSON.stringify(frame)))

const fieldOf = (schema: z.ZodMiniType, frame: object) => refused(JSON.stringify(frame), schema).field

const nested = (depth: number, inner: unknown): unknown => (depth === 0 ? inner : { a: nested(depth - 1, inner) })

describe('a text that is not a frame', () => {
  it.each([
    '',
    ' ',
    'hello',
    '{',
    '{"a":}',
    "{'a':1}",
    '{"a":1}}',
    '\ufeff{}',
    'NaN',
    '{"a":NaN}',
    '{"a":01}',
    '{"a":undefined}',
  ])('is refused because %p is not JSON', (text) => {
    expect(refused(text)).toMatchObject({ message: 'The frame is not JSON.', field: undefined })
  })

  it.each(['null', '[]', '[{"action":"hello"}]', '1', '-0', 'true', '"{}"'])(
    'is refused because %s is not an object',
    (text) => {
      expect(refused(text)).toMatchObject({ message: 'A frame is a JSON object.', field: undefined })
    },
  )

  it('is refused if it has more bytes than a frame can have', () => {
    const textOf = (character: string, bytes: number) => {
      const space = bytes - Buffer.byteLength('{"x":""}')
      return `{"x":"${character.repeat(space / Buffer.byteLength(character))}"}`
    }
    expect(() => parseObject(textOf('a', limits.frameBytes))).not.toThrow()
    expect(refused(textOf('a', limits.frameBytes + 1)).message).toBe('The frame is too long.')
    expect(refused(textOf('a', 33 * 1024)).message).toBe('The frame is too long.')
    expect(refused(textOf('😀', limits.frameBytes + 4)).message).toBe('The frame is too long.')
  })

  it.each([
    ['objects', `${'{"a":'.repeat(6000)}1${'}'.repeat(6000)}`],
    ['lists', `{"a":${'['.repeat(16000)}${']'.repeat(16000)}}`],
    ['unfinished lists', '['.repeat(32000)],
  ])('is refused if it is nested too deeply: %s', (_, text) => {
    expect(refused(text)).toBeInstanceOf(BadFrame)
  })

  it('is accepted with 8 levels and refused with 9', () => {
    expect(() => parseObject(JSON.stringify(nested(8, 1)))).not.toThrow()
    expect(refused(JSON.stringify(nested(9, 1)))).toMatchObject({ field: 'a' })
    expect(refused(JSON.stringify({ text: nested(20, 1) }))).toMatchObject({ field: 'text' })
  })
})

describe('a text in a frame', () => {
  it.each(['\\ud800', '\\udc00', 'a\\udc00\\ud800b', '\\ud83d'])('cannot contain the surrogate %s', (text) => {
    expect(refused(`{"text":"${text}"}`).field).toBe('text')
    expect(refused(`{"a":{"b":["x","${text}"]}}`).field).toBe('a.b.1')
    expect(refused(`{"a":{"${text}":1}}`).field).toBe('a')
  })

  const controls = ['0000', '0008', '000b', '001b', '001f', '007f', '0080', '0085', '009f'].map((code) => `\\u${code}`)

  it.each(controls)('cannot contain the control character %s', (text) => {
    expect(refused(`{"text":"a${text}"}`).field).toBe('text')
    expect(refused(`{"a":{"${text}":1}}`).field).toBe('a')
  })

  it('with a surrogate as field name is refused without the name of the field', () => {
    expect(refused('{"\\ud800":1}').field).toBeUndefined()
  })

  it('can contain line breaks, tabs and every other character of Unicode', () => {
    const text = 'a\r\n\tb\u00a0 😀 𠜎 \u{10ffff} \ufffd \u202e שלום'
    expect(parsed(frames.send, { roomId: 'r', text }).text).toBe(text)
  })

  it.each([
    '{"__proto__":1}',
    '{"__proto__":{"admin":true}}',
    '{"a":{"b":[{"__proto__":null}]}}',
    '{"\\u005f_proto__":1}',
  ])('cannot name a prototype: %s', (text) => {
    expect(refused(text).field).toBe('__proto__')
  })

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'can name a field %s, which has no effect',
    (name) => {
      const frame = parsed(frames.leave, { roomId: 'r', [name]: { prototype: { admin: true } } })
      expect(Object.keys(frame)).toEqual(['roomId'])
      expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
    },
  )
})

describe('the id of a request', () => {
  it.each([1, 0, true, null, [], {}, '', 'x'.repeat(65)])('cannot be %p', (id) => {
    expect(refused(JSON.stringify({ id })).field).toBe('id')
  })

  it.each(['7', 'x'.repeat(64), '😀', undefined])('can be %p', (id) => {
    expect(idOf(parseObject(JSON.stringify({ id })))).toBe(id)
  })
})

describe('a number in a frame', () => {
  const positions = [
    '9007199254740992',
    '1e400',
    '-1e400',
    '1.5',
    '1e-7',
    '-1',
    '"1"',
    'true',
    'null',
    '[]',
    '{}',
    '[1]',
  ]

  it.each(positions)('that is a position cannot be %s', (value) => {
    expect(refused(`{"roomId":"r","after":${value}}`, frames.join).field).toBe('after')
    expect(refused(`{"roomId":"r","before":${value}}`, frames.history).field).toBe('before')
    expect(refused(`{"roomId":"r","text":"x","ifHead":${value}}`, frames.send).field).toBe('ifHead')
    expect(refused(`{"rooms":{"r":${value}}}`, frames.sync).field).toBe('rooms.r')
  })

  it.each([
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['1e3', 1000],
    ['1.0', 1],
    ['0', 0],
  ])('that is a position can be written as %s', (text, value) => {
    expect(parseFrame(frames.join, parseObject(`{"roomId":"r","after":${text}}`)).after).toBe(value)
  })

  it('that is minus zero is parsed as zero', () => {
    const { after } = parseFrame(frames.join, parseObject('{"roomId":"r","after":-0}'))
    expect(after === 0).toBe(true)
    expect(JSON.stringify({ after })).toBe('{"after":0}')
  })

  it('that limits a page must be 0 to 500', () => {
    for (const limit of [-1, 501, 0.5]) expect(fieldOf(frames.history, { roomId: 'r', limit })).toBe('limit')
    for (const limit of [0, 500]) expect(parsed(frames.history, { roomId: 'r', limit }).limit).toBe(limit)
  })
})

it('the last of two fields with the same name counts, as in JSON', () => {
  expect(parseFrame(frames.leave, parseObject('{"roomId":"a","roomId":"b"}')).roomId).toBe('b')
})

it('unknown fields of a verb are dropped', () => {
  const frame = parsed(frames.send, {
    roomId: 'r',
    text: 'x',
    action: 'send',
    id: '7',
    user: 'root',
    from: { user: 'root' },
  })
  expect(frame).toEqual({ roomId: 'r', text: 'x' })
})
