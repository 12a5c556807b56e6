import { readEmbedded } from '../../../local/cloudwatch/emf.ts'

const directive = {
  Namespace: 'Chat',
  Dimensions: [['Stack'], ['Stack', 'Verb'], []],
  Metrics: [{ Name: 'Requests', Unit: 'Count' }],
}

/** A line with a change to its root, and one to its directive. */
const line = (root: object = {}, change: object = {}, aws: object = {}) =>
  JSON.stringify({
    _aws: { Timestamp: 1000, CloudWatchMetrics: [{ ...directive, ...change }], ...aws },
    Stack: 's',
    Verb: 'send',
    Requests: 1,
    ...root,
  })

test('each set of dimensions makes a metric of its own, also one without dimensions', () => {
  const common = { namespace: 'Chat', name: 'Requests', value: 1, at: 1000 }
  expect(readEmbedded(line())).toEqual({
    data: [
      { ...common, dimensions: { Stack: 's' } },
      { ...common, dimensions: { Stack: 's', Verb: 'send' } },
      { ...common, dimensions: {} },
    ],
  })
})

test('a list is a sample for each of its values', () => {
  const read = readEmbedded(line({ Requests: [3, 4] }, { Dimensions: [['Stack']] }))
  expect(read).toMatchObject({ data: [{ value: 3 }, { value: 4 }] })
})

test('a line may have several directives', () => {
  const two = { CloudWatchMetrics: [directive, { ...directive, Namespace: 'Other', Dimensions: [['Stack']] }] }
  expect(readEmbedded(line({}, {}, two))).toEqual({
    data: expect.arrayContaining([expect.objectContaining({ namespace: 'Other' })]),
  })
})

test.each(['a plain line', '{"verb":"send"}', ''])('%p is no line of metrics', (text) => {
  expect(readEmbedded(text)).toBeUndefined()
})

test.each([
  ['a text before the object', `x ${line()}`, 'no JSON object'],
  ['a time in seconds with a fraction', line({}, {}, { Timestamp: 1.5 }), 'Timestamp'],
  ['no list of directives', line({}, {}, { CloudWatchMetrics: {} }), 'CloudWatchMetrics'],
  ['an empty namespace', line({}, { Namespace: '' }), 'Namespace'],
  ['a namespace that is too long', line({}, { Namespace: 'n'.repeat(1025) }), 'Namespace'],
  ['dimensions that are not lists', line({}, { Dimensions: ['Stack'] }), 'Dimensions'],
  ['31 dimensions', line({}, { Dimensions: [Array.from({ length: 31 }, () => 'Stack')] }), 'at most 30'],
  ['a dimension without a value', line({}, { Dimensions: [['Room']] }), 'the dimension Room'],
  ['a dimension that is a number', line({ Verb: 5 }), 'the dimension Verb'],
  ['a dimension that is too long', line({ Verb: 'v'.repeat(1025) }), 'the dimension Verb'],
  ['a name inside another object', line({ a: { b: 1 } }, { Metrics: [{ Name: 'a.b' }] }), 'a.b must be a number'],
  ['101 metrics', line({}, { Metrics: Array.from({ length: 101 }, () => ({ Name: 'Requests' })) }), 'at most 100'],
  ['101 values', line({ Requests: Array.from({ length: 101 }, () => 1) }), 'more than 100 values'],
  ['a value that is text', line({ Requests: '1' }), 'Requests must be a number'],
  ['an unknown unit', line({}, { Metrics: [{ Name: 'Requests', Unit: 'Pieces' }] }), 'unknown Unit'],
  ['a wrong resolution', line({}, { Metrics: [{ Name: 'Requests', StorageResolution: 5 }] }), 'StorageResolution'],
  ['a metric without a name', line({}, { Metrics: [{}] }), 'needs a Name'],
])('%s makes CloudWatch drop the line', (_, text, problem) => {
  expect(readEmbedded(text)).toEqual({ problem: expect.stringContaining(problem) })
})
