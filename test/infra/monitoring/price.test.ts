import { unitsPerDollar } from '../../../infra/monitoring/price.ts'
import { prices } from '../../../tools/price/prices.ts'
import { watchingOptions } from '../../../tools/price/watching-report.ts'
import { byId } from '../stack.ts'
import { alarms, template } from './watching.ts'

/** Dollars a month in us-east-1, without what is free. */
const list = { alarmMetric: 0.1, dashboard: 3, metric: 0.3, gigabyteOfLogs: 0.5 }

const alarmMetrics = [...alarms.values()].reduce((sum, { reads }) => sum + reads.length, 0)
const standing =
  alarmMetrics * list.alarmMetric + Object.keys(byId(template, 'AWS::CloudWatch::Dashboard')).length * list.dashboard

/**
 * A small deployment: an office that talks eight hours on 22 days of a month. A metric is billed for the hours in which it
 * has values: 18 of the whole chat, and three for each of twelve verbs and a few codes in use.
 */
const hoursShare = (8 * 22) / 730
const small = {
  metrics: (18 + 12 * 4 + 8) * hoursShare * list.metric,
  // A million requests, of which each writes a line of its own and one of metrics.
  logs: 1.4 * list.gigabyteOfLogs,
}

test('an alarm of arithmetic costs as much as each metric that it reads, and all of them less than six dollars', () => {
  expect(alarmMetrics).toBe(watchingOptions.alarms.default)
  expect(alarmMetrics * list.alarmMetric).toBeLessThan(6)
})

test('watching a small deployment costs less than 15 dollars a month', () => {
  expect(standing + small.metrics + small.logs).toBeLessThan(15)
})

test('a unit of cost stands for the price of a read unit', () => {
  const { per, steps } = prices.readUnits
  expect(per / unitsPerDollar).toBe(steps[0]?.usd)
})
