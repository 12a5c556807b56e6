/**
 * Starts a task so many times a second, whether or not earlier ones have ended: people do not wait for a slow server
 * before they type. Resolves when all have ended.
 */
export async function atRate(perSecond: number, count: number, task: (number: number) => Promise<unknown>) {
  const startedAt = performance.now()
  const tasks: Promise<unknown>[] = []
  for (let number = 0; number < count; number++) {
    const wait = startedAt + (number * 1000) / perSecond - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    tasks.push(task(number))
  }
  return Promise.all(tasks)
}
