import fc from 'fast-check'
import * as frames from '../../protocol/frames.ts'
import { BadFrame, idOf, parseFrame, parseObject } from '../../protocol/parse.ts'

const schemas = Object.values(frames)

const names = [
  ...[
    'roomId',
    'roomUri',
    'roomName',
    'rooms',
    'after',
    'before',
    'limit',
    'cursor',
    'text',
    'clientMessageId',
    'parts',
  ],
  ...['alert', 'title', 'rich', 'ifHead', 'name', 'description', 'privacy', 'role', 'principals', 'version', 'seqs'],
  ...['from', 'to', 'authors', 'search', 'criteria', 'members', 'label', 'data', 'id', 'action', 'allowed'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'toJSON', 'then', 'length', '0', '', '\ud800'],
]

const unusual = fc.constantFrom<unknown>(
  ...[
    null,
    true,
    0,
    -0,
    -1,
    1.5,
    2 ** 53,
    1e308,
    '',
    ' ',
    'r',
    '__proto__',
    'everyone',
    'user:ana',
    '\u0000',
    '\udc00',
    '\u202e',
  ],
  ...[
    'chat://d/r',
    'member',
    'open',
    'text',
    'link',
    'javascript:x',
    '2026-01-01T00:00:00Z',
    'x'.repeat(5000),
    '😀'.repeat(70),
  ],
  ...[
    [],
    {},
    [[[[[[[[[[]]]]]]]]]],
    [null],
    { type: 'text', text: 'x' },
    { type: 'link' },
    { type: {} },
    { length: 1e9 },
  ],
)

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: unusual },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    { weight: 2, arbitrary: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 5 }) },
  ),
}))

const object = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 })
const text = fc.oneof(
  { weight: 6, arbitrary: object.map((frame) => JSON.stringify(frame)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  // JSON with one damaged character.
  {
    weight: 2,
    arbitrary: fc
      .tuple(object, fc.nat(), fc.string({ maxLength: 2 }))
      .map(([frame, at, noise]) =>
        JSON.stringify(frame).replace(/./gsu, (character, index) => (index === at % 50 ? noise : character)),
      ),
  },
)

const attempt = <Result>(work: () => Result): Result | BadFrame => {
  try {
    return work()
  } catch (error) {
    if (error instanceof BadFrame) return error
    throw error
  }
}

const partsOf = (prototype: object) =>
  Reflect.ownKeys(prototype).map((name) => {
    const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, name) ?? {}
    return { name, value, get, set }
  })

it('any text is accepted as a frame or refused as a bad frame, without side effects', () => {
  // Not frozen: that would also forbid other objects to have a field such as `constructor`.
  const prototypes = [Object.prototype, Array.prototype].map((prototype) => Object.preventExtensions(prototype))
  const before = prototypes.map(partsOf)
  let accepted = 0
  let refused = 0
  fc.assert(
    fc.property(text, (frame) => {
      const object = attempt(() => parseObject(frame))
      if (object instanceof BadFrame) {
        refused++
        return
      }
      attempt(() => idOf(object))
      for (const schema of schemas) {
        if (attempt(() => parseFrame(schema, object)) instanceof BadFrame) refused++
        else accepted++
      }
    }),
    { numRuns: 20_000, seed: 20_261_122 },
  )
  expect(prototypes.map(partsOf)).toEqual(before)
  // The property must have tried both kinds.
  expect(accepted).toBeGreaterThan(1000)
  expect(refused).toBeGreaterThan(1000)
})
