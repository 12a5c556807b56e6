/** `npm run dashboard`: draws the dashboard from its definition, with the figures of an hour of a local run. */

import { writeFileSync } from 'node:fs'
import { movedClock } from '../../local/clock.ts'
import { minuteMs } from '../../local/cloudwatch/store.ts'
import { startLocal } from '../../local/start.ts'
import { drawDashboard } from './draw.ts'
import { anHour, minutes } from './hour.ts'

const file = 'docs/dashboard.svg'
const began = 1_800_000_000_000

const clock = movedClock(began)
const local = await startLocal({ port: 0, metricsClock: clock, log: () => {} })
try {
  await anHour(local, clock)
  const [widgets] = local.dashboards
  if (!widgets) throw new Error('The stack has no dashboard.')
  const raised = new Set(local.cloudwatch.history().flatMap(({ id, state }) => (state === 'ALARM' ? [id] : [])))
  const alarms = local.cloudwatch.alarms().map((alarm) => ({
    ...alarm,
    name: /#([a-z-]+)$/.exec(alarm.description)?.[1] ?? alarm.id,
    wasRaised: raised.has(alarm.id),
  }))
  const shown = { store: local.cloudwatch.store, alarms, from: began, to: began + minutes * minuteMs }
  const words =
    [...raised].length === 0
      ? 'No alarm was raised.'
      : `Raised were ${alarms
          .filter(({ wasRaised }) => wasRaised)
          .map(({ name }) => name)
          .join(', ')}.`
  writeFileSync(file, drawDashboard(widgets, shown, `An hour of a local run. ${words}`))
  process.stdout.write(`Wrote ${file}. ${words}\n`)
} finally {
  await local.stop()
}
