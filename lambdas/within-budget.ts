import { BadFrame } from '../protocol/parse.ts'
import type { BaseApp } from './app.ts'
import { prices, takenNameUnits } from './budgets.ts'
import { unitsOf } from './domain/budget/spending.ts'
import { Refusal } from './domain/errors.ts'

/**
 * Does the work of one event at the cost of a user: a price is charged before, and the difference from what the accesses
 * of this environment cost is settled after it. A user who is over the budget is refused before anything is done.
 */
export async function withinBudget<Result>(
  { budget, meter }: Pick<BaseApp, 'budget' | 'meter'>,
  user: string,
  routeKey: string,
  work: (charge: (units: number) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const price = prices[routeKey] ?? unitsOf.frame
  const messages = routeKey === 'send' ? 1 : 0
  await budget.charge(user, { units: price, messages })
  const before = meter.units
  let unmeasured = 0
  const charge = async (units: number) => {
    await budget.charge(user, { units })
    unmeasured += units
  }
  // The cost of work that was not done is given back.
  let unused = { units: 0, messages: 0 }
  try {
    return await work(charge)
  } catch (error) {
    unused = { units: unmeasured, messages }
    if (error instanceof BadFrame) await budget.countBad(user)
    if (error instanceof Refusal && error.code === 'duplicate_name') unused.units -= takenNameUnits
    throw error
  } finally {
    const units = unitsOf.frame + meter.units - before - price - unused.units
    await budget.settle(user, { units, messages: -unused.messages })
  }
}
