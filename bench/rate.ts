/**
 * Starts a task so many times a second on average, whether or not earlier ones have ended: people neither wait for a
 * slow server before they type nor keep in step, so the gaps are those of independent people. Every call has the
 * same gaps. Resolves when all have ended.
 */
export async function atRate<Result>(
  perSecond: number,
  count: number,
  task: (number: number) => Promise<Result>,
): Promise<Result[]> {
  const chance = sequence()
  const tasks: Promise<Result>[] = []
  let due = performance.now()
  for (let number = 0; number < count; number++) {
    due += (-Math.log(1 - chance()) * 1000) / perSecond
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    tasks.push(task(number))
  }
  return Promise.all(tasks)
}

/** Numbers in 0 ≤ x < 1, the same ones each time. */
function sequence(): () => number {
  let state = 1
  return () => {
    // Multipliers of Park and Miller.
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
