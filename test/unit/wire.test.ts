import { readFileSync } from 'node:fs'
import { formatted } from '../../protocol/typescript/formatted.ts'
import { typeOf } from '../../protocol/typescript/print.ts'

describe('the types of the wire', () => {
  it('match the schemas; `npm run contract` writes them', () => {
    expect(readFileSync('protocol/types.ts', 'utf8')).toBe(formatted())
  })

  it.each(['types', 'wire'])('have no imports at run time: %s.ts', (name) => {
    expect(readFileSync(`protocol/${name}.ts`, 'utf8')).not.toMatch(/^import (?!type )/m)
  })
})

describe('the type of a schema', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      kinds: { type: 'array', items: { enum: ['a', 'b'] } },
      more: { type: 'object', additionalProperties: { type: 'integer' } },
    },
    required: ['name'],
  }

  it('allows undefined and read-only lists in requests, and only there', () => {
    expect(typeOf(schema, 'asked')).toBe(
      "{\n  name: string\n  kinds?: readonly ('a' | 'b')[] | undefined\n  more?: Record<string, number> | undefined\n}",
    )
    expect(typeOf(schema, 'told')).toBe(
      "{\n  name: string\n  kinds?: ('a' | 'b')[]\n  more?: Record<string, number>\n}",
    )
  })

  it('causes an error instead of a too general type if the schema is not supported', () => {
    expect(() => typeOf({ allOf: [{ type: 'string' }, { type: 'integer' }] }, 'told')).toThrow('several at once')
    expect(() => typeOf({ required: ['name'] }, 'told')).toThrow('There is no type')
  })
})
