import { readFileSync } from 'node:fs'
import { typeErrors } from '../support/type-errors.ts'

const types = 'test/unit/wire-types.ts'

describe('the types of the wire', () => {
  const same = { from: 'wire.ErrorFrame', to: 'wire.ErrorFrame' }

  it('are those of the schemas', async () => {
    expect(await typeErrors(types, same)).toEqual([])
  })

  it.each([
    ['a field less', { from: 'Agree<wire.RoomCard,', to: "Agree<Omit<wire.RoomCard, 'uri'>," }],
    ['a field more', { from: 'Agree<wire.RoomCard,', to: 'Agree<wire.RoomCard & { more: string },' }],
    [
      'a field of another type',
      { from: 'Agree<wire.RoomCard,', to: 'Agree<{ [Field in keyof wire.RoomCard]: number },' },
    ],
    ['a reason less', { from: "Reason | 'internal'", to: "Exclude<Reason, 'forbidden'> | 'internal'" }],
  ])('would be told apart by %s', async (_, changed) => {
    expect(await typeErrors(types, changed)).toEqual([expect.stringContaining('TS2322')])
  })

  it('bring nothing along at run time', () => {
    expect(readFileSync('lambdas/protocol/wire.ts', 'utf8')).not.toMatch(/^import (?!type )/m)
  })
})
