import { isObject, parse } from '../json.ts'
import type { InvocationResult } from '../lambda/environment.ts'
import type { StoredRecord } from './stream.ts'

/** How many records of a batch, from the first on, succeeded. */
export function countSucceeded(batch: StoredRecord[], outcome: InvocationResult, reportsFailures: boolean): number {
  if (outcome.error) return 0
  return reportsFailures ? lowestFailed(batch, parse(outcome.payload)) : batch.length
}

/**
 * Index of the first failed record. A result without a list of failures is a success; a failure that names no record
 * of the batch makes the whole batch fail.
 */
function lowestFailed(batch: StoredRecord[], answer: unknown): number {
  if (answer === null) return batch.length
  if (!isObject(answer)) return 0
  const failures = answer.batchItemFailures
  if (failures === null || Object.keys(answer).length === 0) return batch.length
  if (!Array.isArray(failures)) return 0
  const indexes = failures.map((failure: unknown) =>
    batch.findIndex(({ sequence }) => isObject(failure) && failure.itemIdentifier === sequence),
  )
  return indexes.includes(-1) ? 0 : Math.min(batch.length, ...indexes)
}
