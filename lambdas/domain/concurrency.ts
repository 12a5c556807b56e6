import type { Clock } from './clock.ts'

/** Calls under way at once: enough to hide a network's latency, few enough for one core to sign. */
const lanes = 50

/** So many are under way at the most, those that hang included: where all are slow, more at once would make them slower. */
const most = 200

/** How long a lane stays with one item before it takes up the next beside it. */
const patienceMs = 250

/**
 * Runs the task over all items, so many at a time, and answers when all are done. With a clock, an item that takes long
 * does not keep its lane: the others go on, until too many hang. One that fails ends its lane alone, and is thrown
 * when all are settled.
 */
export async function forEachConcurrent<Item>(
  items: Iterable<Item>,
  task: (item: Item) => Promise<void>,
  clock?: Pick<Clock, 'sleep'>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const begun: Promise<void>[] = []
  let underWay = 0
  let pause: Promise<void> | undefined
  // One timer for all lanes: they lose patience together, and only while something is under way.
  const patience = (of: Pick<Clock, 'sleep'>) => {
    pause ??= of.sleep(patienceMs).then(() => {
      pause = undefined
    })
    return pause
  }
  const lane = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      underWay++
      const done = task(next.value).finally(() => underWay--)
      begun.push(done)
      if (clock) await Promise.race([done, patience(clock)])
      if (!clock || underWay >= most) await done
    }
  }
  await Promise.allSettled(Array.from({ length: lanes }, lane))
  await allOrFirstError(begun)
}

/**
 * As `Promise.all`, but when it fails nothing is under way any more: what a frozen function did later would come after
 * what was done meanwhile.
 */
export async function allOrFirstError<Answer>(begun: readonly Promise<Answer>[]): Promise<Answer[]> {
  await Promise.allSettled(begun)
  return Promise.all(begun)
}
