import type { Clock } from '../clock.ts'
import type { EventSource } from '../template/event-sources.ts'
import type { StoredRecord } from './stream.ts'

/** Maximum size of the records in a batch. */
const maxBatchBytes = 6 * 1024 * 1024

/** Collects records into batches and processes one batch at a time. */
export function shardReader(
  { batchSize, windowMs }: Pick<EventSource, 'batchSize' | 'windowMs'>,
  clock: Clock,
  work: (batch: StoredRecord[]) => Promise<void>,
): { add(stored: StoredRecord): void } {
  let waiting: StoredRecord[] = []
  let processing = false
  let windowIsOver = false
  let cancel: (() => void) | undefined

  function startIfReady(): void {
    if (processing || waiting.length === 0) return
    if (windowIsOver || windowMs === 0 || waiting.length >= batchSize) start()
    else
      cancel ??= clock.after(windowMs, () => {
        cancel = undefined
        windowIsOver = true
        startIfReady()
      })
  }

  function start(): void {
    cancel?.()
    cancel = undefined
    processing = true
    windowIsOver = false
    const batch = waiting.slice(0, nextBatchSize(waiting, batchSize))
    waiting = waiting.slice(batch.length)
    void work(batch).finally(() => {
      processing = false
      startIfReady()
    })
  }

  return {
    add(stored) {
      waiting.push(stored)
      // All records of one request are added before the first batch starts.
      queueMicrotask(startIfReady)
    },
  }
}

function nextBatchSize(waiting: StoredRecord[], max: number): number {
  let bytes = 0
  const firstOutside = waiting.findIndex(({ record }, at) => {
    bytes += record.dynamodb.SizeBytes
    return at === max || (at > 0 && bytes > maxBatchBytes)
  })
  return firstOutside < 0 ? waiting.length : firstOutside
}
