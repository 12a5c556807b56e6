import { sequence } from '../load/chance.ts'

/**
 * Starts a task so many times a second on average, whether or not earlier ones have ended: people neither wait for a
 * slow server before they type nor keep in step, so the gaps are those of independent people. Every call has the
 * same gaps. Resolves when all have ended.
 */
export function atRate<Result>(perSecond: number, count: number, task: Task<Result>): Promise<Result[]> {
  const chance = sequence(1)
  let due = 0
  return atMoments(count, () => (due += (-Math.log(1 - chance()) * 1000) / perSecond), task)
}

/** As `atRate`, but each in a slot of its own, at some moment of it: nobody ever goes beyond the rate. */
export function evenly<Result>(perSecond: number, count: number, task: Task<Result>): Promise<Result[]> {
  const chance = sequence(1)
  return atMoments(count, (number) => ((number + chance()) * 1000) / perSecond, task)
}

type Task<Result> = (number: number) => Promise<Result>

async function atMoments<Result>(
  count: number,
  momentOf: (number: number) => number,
  task: Task<Result>,
): Promise<Result[]> {
  const startedAt = performance.now()
  const tasks: Promise<Result>[] = []
  for (let number = 0; number < count; number++) {
    const wait = startedAt + momentOf(number) - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    tasks.push(task(number))
  }
  return Promise.all(tasks)
}
