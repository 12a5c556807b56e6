import { readFileSync } from 'node:fs'
import { formatted } from '../../protocol/typescript/formatted.ts'
import { typeOf } from '../../protocol/typescript/print.ts'

describe('the types of the wire', () => {
  it('are those of the schemas, as `npm run contract` writes them', () => {
    expect(readFileSync('protocol/types.ts', 'utf8')).toBe(formatted())
  })

  it.each(['types', 'wire'])('bring nothing along at run time: %s.ts', (name) => {
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

  it('leaves room for undefined and for read-only lists in what a program writes, and only there', () => {
    expect(typeOf(schema, 'asked')).toBe(
      "{\n  name: string\n  kinds?: readonly ('a' | 'b')[] | undefined\n  more?: Record<string, number> | undefined\n}",
    )
    expect(typeOf(schema, 'told')).toBe(
      "{\n  name: string\n  kinds?: ('a' | 'b')[]\n  more?: Record<string, number>\n}",
    )
  })

  it('is an error where there is none, and never a type that allows everything', () => {
    expect(() => typeOf({ allOf: [{ type: 'string' }, { type: 'integer' }] }, 'told')).toThrow('several at once')
    expect(() => typeOf({ required: ['name'] }, 'told')).toThrow('There is no type')
  })
})
