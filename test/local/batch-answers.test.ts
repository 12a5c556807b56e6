import { countSucceeded } from '../../local/streams/batch.ts'
import type { StoredRecord } from '../../local/streams/stream.ts'

const kept = (sequence: string): StoredRecord => ({
  sequence,
  at: 0,
  partition: '',
  record: {
    eventID: sequence,
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 0,
      Keys: {},
      SequenceNumber: sequence,
      SizeBytes: 1,
      StreamViewType: 'KEYS_ONLY',
    },
  },
})
const batch = ['1', '2', '3'].map(kept)
const done = (answer: unknown) => countSucceeded(batch, { payload: JSON.stringify(answer) }, true)
const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
})

test.each([null, {}, { batchItemFailures: null }, { batchItemFailures: [] }])('%j is success', (answer) => {
  expect(done(answer)).toBe(3)
})

test('of the records an answer names the first counts', () => {
  expect(done(failures('2'))).toBe(1)
  expect(done(failures('3', '2'))).toBe(1)
  expect(done(failures('1'))).toBe(0)
})

test.each([
  failures(''),
  failures(null),
  failures('2', 'unknown'),
  { batchItemFailures: [{ identifier: '2' }] },
  { batchItemFailures: 'none' },
  { failures: [] },
  'done',
])('%j fails the whole batch', (answer) => {
  expect(done(answer)).toBe(0)
})

test('without the setting any answer is success, and an error never', () => {
  expect(countSucceeded(batch, { payload: JSON.stringify(failures('1')) }, false)).toBe(3)
  expect(countSucceeded(batch, { error: { errorType: 'Error', errorMessage: '', trace: [] } }, false)).toBe(0)
})
