import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmDefinition } from './definition.ts'
import { type Metrics, sum } from './metrics.ts'

const missing = TreatMissingData.NOT_BREACHING

/** Functions that no client waits for. */
const behindTheScenes = ['broadcast', 'deliver', 'review', 'jobs'] as const

/** What happens behind the scenes: large rooms, reviews of rights, the jobs of each day. */
export function behindAlarms({ lambda, own, undelivered }: Metrics): AlarmDefinition[] {
  return [
    {
      name: 'background-errors',
      severity: 'critical',
      says: `A function behind the scenes (${behindTheScenes.join(', ')}) ends with an error.`,
      metric: sum(
        'Errors',
        behindTheScenes.map((name) => lambda(name, 'Errors')),
      ),
      above: 0,
      of: [1, 3],
      missing,
    },
    {
      name: 'job-failures',
      severity: 'warning',
      says: 'A step of the work behind the scenes has failed, and the function went on without it.',
      metric: own('JobFailures'),
      above: 0,
      of: [1, 3],
      missing,
    },
    {
      name: 'iterator-age',
      severity: 'critical',
      says: 'Messages of large rooms wait longer than 30 seconds until they are handed on.',
      metric: lambda('broadcast', 'IteratorAge', 'Maximum'),
      above: 30_000,
      of: [2, 3],
      missing,
    },
    {
      name: 'undelivered',
      severity: 'critical',
      says: 'Messages of large rooms, reviews of sessions or jobs were given up, and wait in the queue of the undelivered.',
      metric: undelivered('ApproximateNumberOfMessagesVisible'),
      above: 0,
      of: [1, 1],
      missing,
    },
  ]
}
