import type { Clock } from '../clock.ts'
import type { EventSource } from '../template/event-sources.ts'
import type { Kept } from './stream.ts'

/** A batch is full at this size of its records, whatever their number. */
const fullBytes = 6 * 1024 * 1024

/** Records that wait for the function: one batch at a time is under way, what comes meanwhile makes the next. */
export function lane(
  { batchSize, windowMs }: Pick<EventSource, 'batchSize' | 'windowMs'>,
  clock: Clock,
  work: (batch: Kept[]) => Promise<void>,
): { add(kept: Kept): void } {
  let waiting: Kept[] = []
  let running = false
  let due = false
  let cancel: (() => void) | undefined

  function look(): void {
    if (running || waiting.length === 0) return
    if (due || windowMs === 0 || waiting.length >= batchSize) start()
    else
      cancel ??= clock.after(windowMs, () => {
        cancel = undefined
        due = true
        look()
      })
  }

  function start(): void {
    cancel?.()
    cancel = undefined
    running = true
    due = false
    const batch = waiting.slice(0, full(waiting, batchSize))
    waiting = waiting.slice(batch.length)
    void work(batch).finally(() => {
      running = false
      look()
    })
  }

  return {
    add(kept) {
      waiting.push(kept)
      // All that one request wrote is there before the first batch leaves.
      queueMicrotask(look)
    },
  }
}

function full(waiting: Kept[], most: number): number {
  let bytes = 0
  const beyond = waiting.findIndex(({ record }, at) => {
    bytes += record.dynamodb.SizeBytes
    return at === most || (at > 0 && bytes > fullBytes)
  })
  return beyond < 0 ? waiting.length : beyond
}
