import { countSucceeded } from '../../local/streams/batch.ts'
import type { StoredRecord } from '../../local/streams/stream.ts'

const stored = (sequence: string): StoredRecord => ({
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
const batch = ['1', '2', '3'].map(stored)
const succeeded = (result: unknown) => countSucceeded(batch, { payload: JSON.stringify(result) }, true)
const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
})

test.each([null, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
  '%j means that the whole batch succeeded',
  (answer) => {
    expect(succeeded(answer)).toBe(3)
  },
)

test('the records before the first failed one succeeded', () => {
  expect(succeeded(failures('2'))).toBe(1)
  expect(succeeded(failures('3', '2'))).toBe(1)
  expect(succeeded(failures('1'))).toBe(0)
})

test.each([
  failures(''),
  failures(null),
  failures('2', 'unknown'),
  { batchItemFailures: [{ identifier: '2' }] },
  { batchItemFailures: 'none' },
  { failures: [] },
  'done',
])('%j means that the whole batch failed', (answer) => {
  expect(succeeded(answer)).toBe(0)
})

test('without ReportBatchItemFailures every result is a success and every error a failure', () => {
  expect(countSucceeded(batch, { payload: JSON.stringify(failures('1')) }, false)).toBe(3)
  expect(countSucceeded(batch, { error: { errorType: 'Error', errorMessage: '', trace: [] } }, false)).toBe(0)
})
