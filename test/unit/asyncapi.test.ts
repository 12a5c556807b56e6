import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { ping, routes } from '../../infra/routes.ts'
import { asyncApi } from '../../protocol/asyncapi/document.ts'
import { FrameValidator } from '../support/frame-validator.ts'

const committed = readFileSync('docs/asyncapi.json', 'utf8')

describe('docs/asyncapi.json', () => {
  it('matches the schemas; `npm run contract` writes it', () => {
    expect(committed).toBe(`${JSON.stringify(asyncApi(), null, 2)}\n`)
  })

  it('is an AsyncAPI 3.0 document', () => {
    const schema = JSON.parse(readFileSync('node_modules/@asyncapi/specs/schemas/3.0.0.json', 'utf8'))
    // The schema contains that of JSON Schema, which Ajv must not add a second time.
    const valid = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false }).compile(schema)
    expect([valid(JSON.parse(committed)), valid.errors]).toEqual([true, null])
  })

  it('has no reference to a missing part', () => {
    const document: unknown = JSON.parse(committed)
    const pointers = [...committed.matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, pointer = '']) => pointer)
    const at = (pointer: string) =>
      pointer.split('/').reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], document)
    expect(pointers.length).toBeGreaterThan(100)
    expect(pointers.filter((pointer) => at(pointer) === undefined)).toEqual([])
  })

  it('describes exactly the verbs that have a route', () => {
    const routed = routes.map(({ key }) => key).filter((key) => !key.startsWith('$'))
    expect(new FrameValidator().verbs.sort()).toEqual([...routed, ping].sort())
  })

  it('allows unknown fields in objects, because clients must ignore them', () => {
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

/** All schemas that code generators turn into types. */
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

/** The schema without its descriptions and defaults. */
const shapeOf = (schema: unknown) =>
  JSON.stringify(schema, (keyword, value: unknown) =>
    ['default', 'description'].includes(keyword) ? undefined : value,
  )

describe('the types that code generators make from it', () => {
  const { components }: { components: { schemas: Record<string, Schema> } } = JSON.parse(committed)
  const types = typesIn(Object.values(components.schemas))

  it('each have a name', () => {
    expect(types.length).toBeGreaterThan(150)
    expect(types.filter(({ title }) => !/^[A-Z][A-Za-z]+$/.test(title ?? ''))).toEqual([])
  })

  it('have different names if they are different', () => {
    const shapes = new Map<string, Set<string>>()
    for (const type of types) {
      const name = type.title ?? ''
      shapes.set(name, new Set([...(shapes.get(name) ?? []), shapeOf(type)]))
    }
    expect([...shapes].filter(([, { size }]) => size > 1).map(([name]) => name)).toEqual([])
  })

  it('have the name by which they are referenced', () => {
    for (const [name, { title }] of Object.entries(components.schemas)) if (title) expect(title).toBe(name)
  })
})

describe('the validation of frames', () => {
  const validator = new FrameValidator()
  const user = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }
  const push = { type: 'participant', roomId: 'r', event: 'joined', user }
  const message = { roomId: 'r', seq: 1, sentAt: '2026-11-22T22:33:01.123Z', from: { user: 'bob', name: 'Bob' } }

  it('accepts described frames', () => {
    expect(validator.wrongPush(push)).toBeUndefined()
    expect(validator.wrongPush({ type: 'message', ...message, text: 'x' })).toBeUndefined()
    expect(
      validator.wrongReply('send', { id: '1', ok: true, duplicate: false, message: { ...message, text: 'x' } }),
    ).toBeUndefined()
    expect(
      validator.wrongRequest({ action: 'leave', roomId: 'r', later: 'unknown fields are ignored' }),
    ).toBeUndefined()
    expect(
      validator.wrongReply(undefined, { ok: false, error: { code: 'invalid', message: 'x', retryable: false } }),
    ).toBeUndefined()
  })

  it.each([
    ['an undescribed field', { ...push, user: { ...user, age: 7 } }, '/user must NOT have additional properties (age)'],
    ['a missing field', { type: 'kicked', roomId: 'r' }, "/ must have required property 'reason'"],
    ['an undescribed value', { ...push, event: 'slept' }, '/event must be equal to one of'],
    [
      'a message that has no text and is not removed',
      { type: 'message', ...message },
      "must have required property 'text'",
    ],
    ['an unknown type', { type: 'weather' }, '/type must be equal to constant'],
  ])('reports %s with its path', (_, frame, error) => expect(validator.wrongPush(frame)).toContain(error))

  it.each([
    { message: 'Internal server error', connectionId: 'c', requestId: 'r' },
    { message: 'Forbidden', connectionId: 'c', requestId: 'r' },
    { message: 'Too Many Requests' },
  ])('accepts a frame of the gateway: %j', (frame) => expect(validator.wrongPush(frame)).toBeUndefined())

  it('counts characters like the server', () => {
    const leaving = (roomId: string) => validator.wrongRequest({ action: 'leave', id: '😀'.repeat(64), roomId })
    expect(leaving('😀'.repeat(64))).toBeUndefined()
    expect(leaving('😀'.repeat(65))).toContain('/roomId must NOT have more than 64 characters')
    expect(validator.wrongRequest({ action: 'createRoom', name: '😀'.repeat(65) })).toContain('more than 64 characters')
  })

  it('rejects a reply to another verb, an unknown error code and an unknown request', () => {
    const duplicate = { id: '1', ok: true, duplicate: false, message: { ...message, text: 'x' } }
    expect(validator.wrongReply('leave', duplicate)).toContain('/ must NOT have additional properties (message)')
    const tired = { ok: false, error: { code: 'tired', message: 'x', retryable: false } }
    expect(validator.wrongReply('leave', tired)).toContain('/error/code must be equal to constant')
    expect(validator.wrongRequest({ action: 'leave' })).toContain("/ must have required property 'roomId'")
    expect(validator.wrongRequest({ action: 'dance' })).toBe('There is no action dance.')
  })
})
