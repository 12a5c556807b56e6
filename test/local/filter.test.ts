import { checkPattern, matches } from '../../local/streams/filter.ts'

const record = {
  eventName: 'INSERT',
  dynamodb: { SizeBytes: 40, NewImage: { name: { S: 'Alice' }, tags: { SS: ['new', 'red'] }, age: { N: '7' } } },
}
const image = (rules: object) => matches({ dynamodb: { NewImage: rules } }, record)

test.each([
  [{ name: { S: ['Bob', 'Alice'] } }, true],
  [{ name: { S: ['Bob'] } }, false],
  [{ name: { S: [{ prefix: 'Al' }] } }, true],
  [{ name: { S: [{ prefix: 'B' }] } }, false],
  [{ name: { S: [{ suffix: 'ice' }] } }, true],
  [{ name: { S: [{ 'equals-ignore-case': 'ALICE' }] } }, true],
  [{ name: { S: [{ 'anything-but': ['Bob'] }] } }, true],
  [{ name: { S: [{ 'anything-but': ['Alice', 'Bob'] }] } }, false],
  [{ name: { S: [{ 'anything-but': { prefix: 'Al' } }] } }, false],
  [{ other: { S: [{ 'anything-but': ['Bob'] }] } }, false],
  [{ name: { S: [{ exists: true }] } }, true],
  [{ other: { S: [{ exists: true }] } }, false],
  [{ other: { S: [{ exists: false }] } }, true],
  [{ tags: { SS: ['red'] } }, true],
  [{ age: { N: ['7'] } }, true],
  [{ age: { N: [{ numeric: ['=', 7] }] } }, false],
  [{ name: { S: ['Alice'] }, age: { N: ['8'] } }, false],
  [{ $or: [{ name: { S: ['Bob'] } }, { age: { N: ['7'] } }] }, true],
])('the image matches %j: %s', (rules, expected) => expect(image(rules)).toBe(expected))

test.each([
  [['>', 39, '<=', 40], true],
  [['>=', 41], false],
  [['<', 40], false],
  [['=', 40], true],
])('the size matches %j: %s', (numeric, expected) => {
  expect(matches({ dynamodb: { SizeBytes: [{ numeric }] } }, record)).toBe(expected)
})

test('an unknown comparison is refused at any depth of a pattern', () => {
  const check = (pattern: unknown) => () => checkPattern(pattern, 'Source')
  expect(check({ a: { b: [{ cidr: '10.0.0.0/8' }] } })).toThrow('does not know cidr in the filter of Source')
  expect(check({ $or: [{ a: [{ 'anything-but': { wildcard: '*' } }] }] })).toThrow('does not know wildcard')
  expect(check({ a: [{ numeric: ['!=', 3] }] })).toThrow('does not know the order !=')
  expect(check(undefined)).toThrow('The filter of Source is not a JSON object')
  expect(check(['a'])).toThrow('The filter of Source is not a JSON object')
})
