/** Calls under way at once: enough to hide a network's latency, few enough for one core to sign. */
const lanes = 50

/** Runs the task over all items, so many at a time. */
export async function inLanes<Item>(items: Iterable<Item>, task: (item: Item) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]()
  const lane = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await task(next.value)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
