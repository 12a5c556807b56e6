import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { type AlarmActions, Alarms, definitions } from './alarms.ts'
import { ChatDashboard } from './dashboard.ts'
import type { Limits } from './limits.ts'
import { metricsOf, type WatchedParts } from './metrics.ts'
import { Queries } from './queries.ts'

export interface MonitoringProps extends WatchedParts {
  /** False: no alarms. */
  alarms: AlarmActions | false
  dashboard: boolean
  limits: Limits
  logGroups: ILogGroup[]
}

/** What watches a chat: alarms, a dashboard and saved queries. Without alarms and dashboard it costs nothing. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { alarms, dashboard, limits, logGroups, ...watched }: MonitoringProps) {
    super(scope, id)
    const metrics = metricsOf(watched)
    const all = alarms === false ? [] : new Alarms(this, 'Alarms', definitions(metrics, limits), alarms).all
    if (dashboard) new ChatDashboard(this, 'Dashboard', metrics, limits, all)
    new Queries(this, 'Queries', watched.name, logGroups)
  }
}
