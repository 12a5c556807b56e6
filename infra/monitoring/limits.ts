import { Duration } from 'aws-cdk-lib/core'
import type { AlarmDefinition } from './definition.ts'
import { type Metrics, math, sum } from './metrics.ts'
import { unitsPerDollar } from './price.ts'

/** Requests a second that API Gateway takes of an account in a region, frames and posts together. */
const requestsPerSecond = 10_000
const nearly = 0.8

export interface Limits {
  /** Dollars. */
  dailyBudget: number
  /** Invocations at the same time that the account may run in this region. */
  accountConcurrency: number
  /** Whether `deliver` has a concurrency of its own, so that it is throttled by design. */
  deliverIsBounded: boolean
}

/** Limits of the account, and that of the budget. */
export function limitAlarms({ account, api, lambda, own }: Metrics, limits: Limits): AlarmDefinition[] {
  const { dailyBudget, accountConcurrency, deliverIsBounded } = limits
  const units = Math.round(dailyBudget * unitsPerDollar)
  return [
    {
      name: 'lambda-throttled',
      severity: 'critical',
      says: 'Lambda refuses invocations, because the account has no free concurrency.',
      metric: deliverIsBounded
        ? math('Refused invocations', 'FILL(all, 0) - FILL(deliver, 0)', {
            all: account('Throttles'),
            deliver: lambda('deliver', 'Throttles'),
          })
        : sum('Refused invocations', [account('Throttles')]),
      above: 4,
    },
    {
      name: 'concurrency',
      severity: 'warning',
      says: `Functions use more than 80 % of the ${accountConcurrency} invocations at a time that the account may run.`,
      metric: account('ConcurrentExecutions', 'Maximum'),
      above: Math.floor(nearly * accountConcurrency),
    },
    {
      name: 'request-rate',
      severity: 'warning',
      says: `Frames, posts and handshakes use more than 80 % of the ${requestsPerSecond} requests a second of the account.`,
      metric: sum('Requests a minute', [api('MessageCount'), api('ConnectCount')]),
      above: nearly * requestsPerSecond * 60,
    },
    {
      name: 'daily-budget',
      severity: 'warning',
      says: `The last 24 hours cost about ${dailyBudget} dollars (${units} units), the budget of a day.`,
      metric: own('Units').with({ period: Duration.days(1) }),
      above: units,
      of: [1, 1],
    },
  ]
}
