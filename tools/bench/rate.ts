import { sequence } from '../load/chance.ts'

/**
 * Starts tasks at a mean rate, whether or not earlier tasks have ended, since people do not wait for a slow server
 * before they type. The intervals are those of independent people, and the same in each call. Resolves when all tasks
 * have ended.
 */
export function atRate<Result>(perSecond: number, count: number, task: Task<Result>): Promise<Result[]> {
  const chance = sequence(1)
  let due = 0
  return atMoments(count, () => (due += (-Math.log(1 - chance()) * 1000) / perSecond), task)
}

/** Like `atRate`, with each task at a random moment of its own slot, so that the rate is never exceeded. */
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
