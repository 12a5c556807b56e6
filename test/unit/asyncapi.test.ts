import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { ping, routes } from '../../infra/routes.ts'
import { asyncApi } from '../../protocol/asyncapi/document.ts'
import { Contract } from '../support/contract.ts'

const committed = readFileSync('docs/asyncapi.json', 'utf8')

describe('docs/asyncapi.json', () => {
  it('is what the schemas give; `npm run contract` writes it', () => {
    expect(committed).toBe(`${JSON.stringify(asyncApi(), null, 2)}\n`)
  })

  it('is an AsyncAPI 3.0 document', () => {
    const schema = JSON.parse(readFileSync('node_modules/@asyncapi/specs/schemas/3.0.0.json', 'utf8'))
    // The schema brings the one of JSON Schema along, which must not be there twice.
    const valid = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false }).compile(schema)
    expect([valid(JSON.parse(committed)), valid.errors]).toEqual([true, null])
  })

  it('points at nothing that is not there', () => {
    const document: unknown = JSON.parse(committed)
    const pointers = [...committed.matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, pointer = '']) => pointer)
    const at = (pointer: string) =>
      pointer.split('/').reduce((place, name) => (place as Record<string, unknown> | undefined)?.[name], document)
    expect(pointers.length).toBeGreaterThan(100)
    expect(pointers.filter((pointer) => at(pointer) === undefined)).toEqual([])
  })

  it('describes every verb that is routed, and no other', () => {
    const routed = routes.map(({ key }) => key).filter((key) => !key.startsWith('$'))
    expect(new Contract().verbs.sort()).toEqual([...routed, ping].sort())
  })

  it('leaves objects open, for readers have to ignore what they do not know', () => {
    expect(committed).not.toContain('"additionalProperties": false')
  })
})

interface Schema {
  title?: string
  type?: unknown
  default?: unknown
  description?: unknown
  [keyword: string]: unknown
}

/** All that programs make types of, from whatever stands in a schema. */
function typesIn(value: unknown): Schema[] {
  if (Array.isArray(value)) return value.flatMap(typesIn)
  if (typeof value !== 'object' || value === null) return []
  const { properties, ...schema } = value as Schema & { properties?: object }
  const isType = schema.type === 'object' || ['enum', 'anyOf', 'oneOf'].some((keyword) => keyword in schema)
  return [
    ...(isType ? [value as Schema] : []),
    ...typesIn(Object.values(properties ?? {})),
    ...typesIn(Object.values(schema)),
  ]
}

/** What is the same whatever is said of it and whatever stands in for it. */
const shapeOf = (schema: unknown) =>
  JSON.stringify(schema, (keyword, value: unknown) =>
    ['default', 'description'].includes(keyword) ? undefined : value,
  )

describe('the types that a program makes of it', () => {
  const { components }: { components: { schemas: Record<string, Schema> } } = JSON.parse(committed)
  const types = typesIn(Object.values(components.schemas))

  it('have a name each', () => {
    expect(types.length).toBeGreaterThan(150)
    expect(types.filter(({ title }) => !/^[A-Z][A-Za-z]+$/.test(title ?? ''))).toEqual([])
  })

  it('have one name only where they are the same', () => {
    const shapes = new Map<string, Set<string>>()
    for (const type of types) {
      const name = type.title ?? ''
      shapes.set(name, new Set([...(shapes.get(name) ?? []), shapeOf(type)]))
    }
    expect([...shapes].filter(([, { size }]) => size > 1).map(([name]) => name)).toEqual([])
  })

  it('have the names under which they are pointed at', () => {
    for (const [name, { title }] of Object.entries(components.schemas)) if (title) expect(title).toBe(name)
  })
})

describe('frames held to it', () => {
  const contract = new Contract()
  const user = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }
  const push = { type: 'participant', roomId: 'r', event: 'joined', user }
  const message = { roomId: 'r', seq: 1, sentAt: '2026-11-22T22:33:01.123Z', from: { user: 'bob', name: 'Bob' } }

  it('pass when they are described', () => {
    expect(contract.wrongPush(push)).toBeUndefined()
    expect(contract.wrongPush({ type: 'message', ...message, text: 'x' })).toBeUndefined()
    expect(
      contract.wrongReply('send', { id: '1', ok: true, duplicate: false, message: { ...message, text: 'x' } }),
    ).toBeUndefined()
    expect(contract.wrongRequest({ action: 'leave', roomId: 'r', later: 'unknown fields are ignored' })).toBeUndefined()
    expect(
      contract.wrongReply(undefined, { ok: false, error: { code: 'invalid', message: 'x', retryable: false } }),
    ).toBeUndefined()
  })

  it.each([
    [
      'a field that nobody described',
      { ...push, user: { ...user, age: 7 } },
      '/user must NOT have additional properties (age)',
    ],
    ['a field that is missing', { type: 'kicked', roomId: 'r' }, "/ must have required property 'reason'"],
    ['a word that is not among those described', { ...push, event: 'slept' }, '/event must be equal to one of'],
    [
      'a message that is neither said nor removed',
      { type: 'message', ...message },
      "must have required property 'text'",
    ],
    ['a type that is none', { type: 'weather' }, '/type must be equal to constant'],
  ])('fail for %s, with its path', (_, frame, complaint) => expect(contract.wrongPush(frame)).toContain(complaint))

  it.each([
    { message: 'Internal server error', connectionId: 'c', requestId: 'r' },
    { message: 'Forbidden', connectionId: 'c', requestId: 'r' },
    { message: 'Too Many Requests' },
  ])('pass when they are the words of the gateway: %j', (frame) => expect(contract.wrongPush(frame)).toBeUndefined())

  it('count characters as the server does', () => {
    const leaving = (roomId: string) => contract.wrongRequest({ action: 'leave', id: '😀'.repeat(64), roomId })
    expect(leaving('😀'.repeat(64))).toBeUndefined()
    expect(leaving('😀'.repeat(65))).toContain('/roomId must NOT have more than 64 characters')
    expect(contract.wrongRequest({ action: 'createRoom', name: '😀'.repeat(65) })).toContain('more than 64 characters')
  })

  it('fail as replies to another verb, as refusals of an unknown code, and as requests', () => {
    const duplicate = { id: '1', ok: true, duplicate: false, message: { ...message, text: 'x' } }
    expect(contract.wrongReply('leave', duplicate)).toContain('/ must NOT have additional properties (message)')
    const tired = { ok: false, error: { code: 'tired', message: 'x', retryable: false } }
    expect(contract.wrongReply('leave', tired)).toContain('/error/code must be equal to constant')
    expect(contract.wrongRequest({ action: 'leave' })).toContain("/ must have required property 'roomId'")
    expect(contract.wrongRequest({ action: 'dance' })).toBe('There is no action dance.')
  })
})
