import { readdirSync, readFileSync } from 'node:fs'
import { formattedTypes } from '../../protocol/typescript/formatted.ts'
import { typeOf } from '../../protocol/typescript/print.ts'

describe('the types of the wire', () => {
  const committed = readdirSync('protocol/types').map((name) => `protocol/types/${name}`)

  it('match the schemas; `npm run contract` writes them', () => {
    expect(Object.fromEntries(committed.map((path) => [path, readFileSync(path, 'utf8')]))).toEqual(formattedTypes())
  })

  it('are all exported', () => {
    const index = readFileSync('protocol/types.ts', 'utf8')
    for (const path of committed) expect(index).toContain(path.replace('protocol/', "from './"))
  })

  it.each([...committed, 'protocol/types.ts', 'protocol/wire.ts'])('have no imports at run time: %s', (path) => {
    expect(readFileSync(path, 'utf8')).not.toMatch(/^(import|export) (?!type |interface )/m)
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
    expect(typeOf(schema, 'input')).toBe(
      "{\n  name: string\n  kinds?: readonly ('a' | 'b')[] | undefined\n  more?: Record<string, number> | undefined\n}",
    )
    expect(typeOf(schema, 'output')).toBe(
      "{\n  name: string\n  kinds?: ('a' | 'b')[]\n  more?: Record<string, number>\n}",
    )
  })

  it('causes an error instead of a too general type if the schema is not supported', () => {
    expect(() => typeOf({ allOf: [{ type: 'string' }, { type: 'integer' }] }, 'output')).toThrow('several at once')
    expect(() => typeOf({ required: ['name'] }, 'output')).toThrow('There is no type')
  })
})
