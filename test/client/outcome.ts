import { settled } from './manual-clock.ts'

/** How a promise has ended when all work is done that waits for no timer: its value, its error, or 'pending'. */
export async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = 'pending'
  const end = (value: unknown) => {
    outcome = value
  }
  work.then(end, end)
  await settled()
  return outcome
}
