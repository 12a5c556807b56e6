import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IWidget,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { type Chart, costRow, hurtRows, wellRows } from './charts.ts'
import type { Limits } from './limits.ts'
import { type Metrics, math, named } from './metrics.ts'
import { unitsPerDollar } from './price.ts'

const height = 6
const columns = 24

/** One screen that answers: is it well, who is hurt, what does it cost today? */
export class ChatDashboard extends Construct {
  constructor(scope: Construct, id: string, metrics: Metrics, limits: Limits, alarms: readonly Alarm[]) {
    super(scope, id)
    const heading = (question: string) => new TextWidget({ markdown: `## ${question}`, width: columns, height: 1 })
    const status = new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: columns, height: 4 })
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [heading('Is it well?')],
        ...(alarms.length > 0 ? [[status]] : []),
        figures(metrics, limits),
        ...wellRows(metrics, limits).map(row),
        [heading('Who is hurt?')],
        ...hurtRows(metrics).map(row),
        [heading('What does it cost today?')],
        row(costRow(metrics)),
      ],
    })
  }
}

/** The state in six numbers. */
function figures({ own, api }: Metrics, { dailyBudget }: Limits): IWidget[] {
  const requests = { failed: own('Internal'), all: own('Requests') }
  const day = Duration.days(1)
  const numbers = [
    named(api('MessageCount'), 'Frames and posts a minute'),
    named(own('Requests'), 'Requests a minute'),
    math('Internal, %', '100 * failed / all', requests),
    named(own('SendToHanded', 'p99'), 'Send to handed, p99 in ms'),
    named(own('Connections'), 'New connections a minute'),
    math(
      `Dollars today, of ${dailyBudget}`,
      `units / ${unitsPerDollar}`,
      { units: own('Units').with({ period: day }) },
      day,
    ),
  ]
  const width = columns / numbers.length
  return numbers.map((metric) => new SingleValueWidget({ metrics: [metric], width, height: 3 }))
}

const row = (charts: readonly Chart[]): IWidget[] =>
  charts.map((chart) => new GraphWidget(propsOf(chart, columns / charts.length)))

const propsOf = ({ title, lines, unit, limit }: Chart, width: number): GraphWidgetProps => ({
  title,
  left: [...lines],
  width,
  height,
  leftYAxis: { min: 0, showUnits: false, ...(unit && { label: unit }) },
  ...(limit && { leftAnnotations: [{ value: limit.value, label: limit.label }] }),
})
