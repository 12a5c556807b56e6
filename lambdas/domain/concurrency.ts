import type { Clock } from './clock.ts'

/**
 * Workers that run at once: enough to hide the latency of the network, and few enough for one core to sign the calls.
 */
const workers = 50

/**
 * The most calls that are pending at once, slow ones included. If all calls are slow, more of them would only make them
 * slower.
 */
const maxPending = 200

/** Milliseconds after which a worker starts its next item although the current one is still pending. */
const slowAfterMs = 250

/**
 * Runs the task for all items with bounded concurrency, and resolves when all are done. With a clock, a slow item does
 * not block its worker: the worker starts the next item, until too many are pending. A failed item stops its own worker
 * only; the first error is thrown when all items are settled.
 */
export async function forEachConcurrent<Item>(
  items: Iterable<Item>,
  task: (item: Item) => Promise<void>,
  clock?: Pick<Clock, 'sleep'>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const started: Promise<void>[] = []
  let pending = 0
  let timer: Promise<void> | undefined
  // All workers share one timer, which runs only while a task is pending.
  const slowTimer = (ofClock: Pick<Clock, 'sleep'>) => {
    timer ??= ofClock.sleep(slowAfterMs).then(() => {
      timer = undefined
    })
    return timer
  }
  const worker = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      pending++
      const done = task(next.value).finally(() => pending--)
      started.push(done)
      if (clock) await Promise.race([done, slowTimer(clock)])
      if (!clock || pending >= maxPending) await done
    }
  }
  await Promise.allSettled(Array.from({ length: workers }, worker))
  await allOrFirstError(started)
}

/**
 * Like `Promise.all`, but it waits for all promises even if one fails: a frozen Lambda could otherwise finish an old
 * write after newer ones.
 */
export async function allOrFirstError<Answer>(promises: readonly Promise<Answer>[]): Promise<Answer[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
