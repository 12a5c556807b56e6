import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch'

/** One alarm. Its section in docs/runbook.md has the name as its anchor. */
export interface AlarmDefinition {
  name: string
  /** `critical`: people cannot use the chat, or soon will not. `warning`: somebody should look within a day. */
  severity: 'critical' | 'warning'
  /** What is wrong, in one sentence. */
  says: string
  metric: IMetric
  /** The alarm is raised by values above this. */
  above: number
  /**
   * How many of the last periods must be above it. Metrics of functions arrive late, so most need two of three.
   * @default [2, 3]
   */
  of?: readonly [breaching: number, periods: number]
  /** What a percentile of few values does; only for percentiles. */
  lowSamples?: 'ignore'
}

/** Where an operator reads on. */
export const runbook = (name: string): string => `docs/runbook.md#${name}`
