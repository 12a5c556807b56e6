import { referenceOf } from '../../protocol/frames/reference.ts'
import * as frames from '../../protocol/frames.ts'
import { BadFrame, parseFrame, parseObject } from '../../protocol/parse.ts'
import { bytesIn, charactersIn, isSafeText, isVisible } from '../../protocol/text.ts'

describe('a room reference', () => {
  it.each<[Parameters<typeof referenceOf>[0], object]>([
    [{ roomId: 'r' }, { roomId: 'r' }],
    [{ roomUri: 'chat://d/r' }, { roomUri: 'chat://d/r' }],
    [{ roomName: 'Lobby' }, { roomName: 'Lobby' }],
    [{ roomId: undefined, roomName: 'Lobby' }, { roomName: 'Lobby' }],
    [{}, { roomId: '' }],
  ])('from %p is %p', (frame, reference) => expect(referenceOf(frame)).toStrictEqual(reference))
})

describe('a bad frame', () => {
  it('has its own error name and at most 200 characters of the field name', () => {
    expect(new BadFrame('m', 'f')).toMatchObject({ name: 'BadFrame', message: 'm', field: 'f' })
    expect(new BadFrame('m', 'x'.repeat(201)).field).toHaveLength(200)
    expect(new BadFrame('m', '').field).toBeUndefined()
    expect(new BadFrame('m').field).toBeUndefined()
  })

  it('has at most 200 characters of the field name in its message', () => {
    const frame = parseObject(JSON.stringify({ rooms: { [`r${'x'.repeat(60)}`]: -1 } }))
    expect(() => parseFrame(frames.sync, frame)).toThrow(`rooms.r${'x'.repeat(60)} must be at least 0.`)
    const long = parseObject(JSON.stringify({ rooms: { ['y'.repeat(900)]: 'z' } }))
    expect(() => parseFrame(frames.sync, long)).toThrow(/^rooms\.y{194} .{1,60}$/)
  })
})

describe('a text', () => {
  it.each([
    '\u0000',
    '\u061c',
    '\u200b',
    '\u200e',
    '\u202e',
    '\u2028',
    '\u2060',
    '\u2069',
    '\u2800',
    '\u3164',
    '\ufeff',
    '\uffa0',
    '\u115f',
    '\u1160',
  ])('is not safe with the character number %#', (character) => expect(isSafeText(`a${character}b`)).toBe(false))

  it('is safe in every script', () => {
    for (const text of ['', 'abc', 'שלום', '大厅', 'a\u200db', 'a\u00a0b']) expect(isSafeText(text)).toBe(true)
  })

  it('is visible if it has a letter, a digit, a mark or a symbol', () => {
    for (const text of ['a', '1', '-', '+', '😀', ' x ']) expect(isVisible(text)).toBe(true)
    for (const text of ['', ' ', '\u00ad', '\u200d', '\ufe0f']) expect(isVisible(text)).toBe(false)
  })

  it('is counted in characters or in bytes of UTF-8', () => {
    expect(['a😀ü', ''].map(charactersIn)).toEqual([3, 0])
    expect(['a😀ü', ''].map(bytesIn)).toEqual([7, 0])
  })
})
