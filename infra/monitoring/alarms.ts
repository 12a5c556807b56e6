import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { pascalCase } from '../logical-id.ts'
import { behindAlarms } from './behind.ts'
import { type AlarmDefinition, runbook } from './definition.ts'
import { type Limits, limitAlarms } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { requestAlarms } from './requests.ts'
import { tableAlarms } from './tables.ts'

/** Whom an alarm tells when it is raised and when it is over. */
export type AlarmActions = ITopic | readonly IAlarmAction[]

/** Every alarm of a chat. */
export const definitions = (metrics: Metrics, limits: Limits): AlarmDefinition[] => [
  ...requestAlarms(metrics),
  ...behindAlarms(metrics),
  ...tableAlarms(metrics),
  ...limitAlarms(metrics, limits),
]

/** The alarms of a chat. Without actions they show on the dashboard alone. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[]

  constructor(scope: Construct, id: string, of: readonly AlarmDefinition[], given: AlarmActions) {
    super(scope, id)
    const actions = isTopic(given) ? [new SnsAction(given)] : given
    this.all = of.map((definition) => {
      const alarm = new Alarm(this, pascalCase(definition.name), propsOf(definition))
      alarm.addAlarmAction(...actions)
      alarm.addOkAction(...actions)
      return alarm
    })
  }
}

const isTopic = (actions: AlarmActions): actions is ITopic => 'topicArn' in actions

function propsOf({ name, severity, says, metric, above, of = [2, 3], lowSamples }: AlarmDefinition) {
  return {
    alarmDescription: `[${severity}] ${says} ${runbook(name)}`,
    metric,
    threshold: above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    datapointsToAlarm: of[0],
    evaluationPeriods: of[1],
    // No value means that nothing has happened: nobody talks.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...(lowSamples && { evaluateLowSampleCountPercentile: lowSamples }),
  }
}
