import { kinds, shapes } from '../../terminal/tables/kept.ts'
import { differences } from '../../terminal/tables/shape.ts'
import { synthesize } from './stack.ts'

const tables = Object.entries(synthesize().Resources).filter(([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable')

const found = (kind: string) => {
  const [table, ...others] = tables.filter(([id]) => new RegExp(`${kind}[0-9A-F]{8}$`, 'i').test(id))
  if (!table || others.length > 0) throw new Error(`The stack has not one table ${kind}.`)
  return table[1]
}

test.each(kinds)('the commands expect the table of %s as the stack makes it', (kind) => {
  const { Properties } = found(kind)
  expect(differences(Properties, shapes[kind])).toEqual([])
  const stream = Properties.StreamSpecification as { StreamViewType?: string } | undefined
  expect(stream?.StreamViewType).toBe(shapes[kind].stream)
})

test('the commands know every table that stays when the stack is deleted', () => {
  const kept = tables.filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain')).map(([id]) => id)
  expect(kept).toHaveLength(kinds.length)
})

test('a table with another index or another sort key differs', () => {
  const { Properties } = found('rooms')
  expect(differences({ ...Properties, GlobalSecondaryIndexes: [] }, shapes.rooms)).toHaveLength(2)
  expect(differences(Properties, shapes.messages)).toEqual(['its key is pk S, sk S and must be roomId S, seq N'])
})
