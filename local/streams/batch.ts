import { isObject, parse } from '../json.ts'
import type { Outcome } from '../lambda/environment.ts'
import type { Kept } from './stream.ts'

/** How many of a batch's records, from the first on, the function is done with. */
export function doneOf(batch: Kept[], outcome: Outcome, reportsFailures: boolean): number {
  if (outcome.error) return 0
  return reportsFailures ? lowestFailed(batch, parse(outcome.payload)) : batch.length
}

/** No list is success as an empty one is. What names no record of the batch fails all of it. */
function lowestFailed(batch: Kept[], answer: unknown): number {
  if (answer === null) return batch.length
  if (!isObject(answer)) return 0
  const failures = answer.batchItemFailures
  if (failures === null || Object.keys(answer).length === 0) return batch.length
  if (!Array.isArray(failures)) return 0
  const places = failures.map((failure: unknown) =>
    batch.findIndex(({ sequence }) => isObject(failure) && failure.itemIdentifier === sequence),
  )
  return places.includes(-1) ? 0 : Math.min(batch.length, ...places)
}
