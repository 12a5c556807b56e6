import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { index } from '../../lambdas/bindings.ts'
import { tableNames } from '../tables.ts'
import type { AlarmDefinition } from './definition.ts'
import { type Metrics, sum, type TableName } from './metrics.ts'

/** The indexes of a table throttle on their own. */
export const indexesOf: { readonly [table in TableName]?: readonly string[] } = {
  sessions: [index.byUser.name],
  rooms: [index.byCategory.name, index.byPrincipal.name],
}

/**
 * The accesses that nearly every request makes. DynamoDB publishes its failures by table and operation only, and an alarm
 * reads ten metrics at most; a failure of another access is seen as `internal`.
 */
export const frequentAccesses: readonly (readonly [TableName, string])[] = [
  ['budgets', 'UpdateItem'],
  ['messages', 'PutItem'],
  ['messages', 'Query'],
  ['messages', 'GetItem'],
  ['sessions', 'GetItem'],
  ['sessions', 'Query'],
  ['sessions', 'UpdateItem'],
  ['sessions', 'TransactWriteItems'],
  ['rooms', 'BatchGetItem'],
  ['rooms', 'Query'],
]

/** The refused accesses to a table and to its indexes. */
export function throttlesOf({ table }: Metrics, name: TableName): IMetric[] {
  const places = [{}, ...(indexesOf[name] ?? []).map((GlobalSecondaryIndexName) => ({ GlobalSecondaryIndexName }))]
  const events = ['ReadThrottleEvents', 'WriteThrottleEvents']
  return places.flatMap((place) => events.map((event) => table(name, event, place)))
}

/** DynamoDB: a table that throttles, and DynamoDB itself. */
export const tableAlarms = (metrics: Metrics): AlarmDefinition[] => [
  ...tableNames.map((name): AlarmDefinition => {
    return {
      name: `throttled-${name}`,
      severity: 'critical',
      says: `DynamoDB refuses accesses to the table of ${name}, as they are too many for it or for one of its keys.`,
      metric: sum('Throttled accesses', throttlesOf(metrics, name)),
      above: 2,
    }
  }),
  {
    name: 'dynamodb-errors',
    severity: 'critical',
    says: 'DynamoDB fails to answer the accesses that nearly every request makes.',
    metric: sum(
      'Failed accesses',
      frequentAccesses.map(([name, Operation]) => metrics.table(name, 'SystemErrors', { Operation })),
    ),
    above: 2,
  },
]
