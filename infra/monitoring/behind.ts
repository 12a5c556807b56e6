import type { AlarmDefinition } from './definition.ts'
import { type Metrics, sum } from './metrics.ts'

/** A message of a large room is late if it waits longer than this, in milliseconds. */
export const lateMs = 30_000

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
    },
    {
      name: 'job-failures',
      severity: 'warning',
      says: 'A step of the work behind the scenes has failed, and the function went on without it.',
      metric: own('JobFailures'),
      above: 0,
      of: [1, 3],
    },
    {
      name: 'iterator-age',
      severity: 'critical',
      says: `Messages of large rooms wait longer than ${lateMs / 1000} seconds until they are handed on.`,
      metric: lambda('broadcast', 'IteratorAge', 'Maximum'),
      above: lateMs,
    },
    {
      name: 'undelivered',
      severity: 'critical',
      says: 'Messages of large rooms, reviews of sessions or jobs were given up, and wait in the queue of the undelivered.',
      metric: undelivered('ApproximateNumberOfMessagesVisible'),
      above: 0,
      of: [1, 1],
    },
  ]
}
