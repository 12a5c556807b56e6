import * as z from 'zod/mini'
import * as frames from '../../protocol/frames.ts'
import { BadFrame, parseFrame, parseObject } from '../../protocol/parse.ts'

/** The refused field of this frame, or undefined if the frame is accepted. */
function refusedField(json: string): string | undefined {
  try {
    parseFrame(frames.leave, parseObject(`{"roomId":"r",${json}}`))
    return undefined
  } catch (error) {
    if (error instanceof BadFrame) return error.field ?? 'the frame'
    throw error
  }
}

const nested = (levels: number, [open, close]: readonly [string, string]) =>
  `${open.repeat(levels)}${close.repeat(levels)}`

describe('an unknown field', () => {
  it.each(['null', '0', '""', 'true', '[]', '{}', '"tab\\t, line\\n, return\\r"', '1e400', '[null,{"roomId":7}]'])(
    'is ignored with the value %s',
    (value) => expect(refusedField(`"more":${value}`)).toBeUndefined(),
  )

  it.each([
    ['lists', ['[', ']']],
    ['objects', ['{"a":', '}']],
  ] as const)('is refused if %s are nested more than 8 deep, including the frame', (kind, brackets) => {
    const value = (levels: number) => nested(levels, brackets).replace('":}', '":1}')
    expect([kind, refusedField(`"more":${value(7)}`)]).toEqual([kind, undefined])
    expect([kind, refusedField(`"more":${value(8)}`)]).toEqual([kind, 'more'])
  })

  it.each([
    ['half a surrogate pair', '"more":"\\ud83d"', 'more'],
    ['half a surrogate pair in a name', '"more":{"\\ud83d":1}', 'more'],
    ['a control character', '"more":["x","\\u0000"]', 'more.1'],
    ['a control character in a name', '"more":{"\\u001b":1}', 'more'],
    ['a prototype', '"more":{"__proto__":1}', '__proto__'],
  ])('is refused if it contains %s', (_, json, field) => expect(refusedField(json)).toBe(field))
})

/** Every field of every verb, optional or not. */
const fields = Object.entries(frames).flatMap(([verb, schema]) =>
  Object.keys(schema.shape).map((field) => ({ verb, schema: schema as z.ZodMiniObject, field })),
)

describe('null', () => {
  it('is not a value of any field of any verb', () => {
    const accepted = fields.filter(({ schema, field }) => {
      const { error } = z.safeParse(schema, { [field]: null })
      return !error?.issues.some(({ path }) => path[0] === field)
    })
    expect(fields.length).toBeGreaterThan(80)
    expect(accepted.map(({ verb, field }) => `${verb}.${field}`)).toEqual([])
  })

  it('is refused with the name of its field', () => {
    const join = (json: string) => () => parseFrame(frames.join, parseObject(json))
    expect(join('{"roomId":"r","after":null}')).toThrow('after must be of type number.')
    expect(join('{"roomId":null,"roomName":"R"}')).toThrow('roomId must be of type string.')
  })
})
