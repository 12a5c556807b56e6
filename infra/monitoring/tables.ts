import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { index } from '../../lambdas/bindings.ts'
import type { AlarmDefinition } from './definition.ts'
import { type Metrics, sum, type TableName, tableNames } from './metrics.ts'

const missing = TreatMissingData.NOT_BREACHING

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

/** DynamoDB: a table that throttles, and DynamoDB itself. */
export const tableAlarms = ({ table }: Metrics): AlarmDefinition[] => [
  ...tableNames.map((name): AlarmDefinition => {
    const places = [{}, ...(indexesOf[name] ?? []).map((GlobalSecondaryIndexName) => ({ GlobalSecondaryIndexName }))]
    const events = ['ReadThrottleEvents', 'WriteThrottleEvents']
    const metrics = places.flatMap((place) => events.map((event) => table(name, event, place)))
    return {
      name: `throttled-${name}`,
      severity: 'critical',
      says: `DynamoDB refuses accesses to the table of ${name}, as they are too many for it or for one of its keys.`,
      metric: sum('Throttled accesses', metrics),
      above: 2,
      of: [2, 3],
      missing,
    }
  }),
  {
    name: 'dynamodb-errors',
    severity: 'critical',
    says: 'DynamoDB fails to answer the accesses that nearly every request makes.',
    metric: sum(
      'Failed accesses',
      frequentAccesses.map(([name, Operation]) => table(name, 'SystemErrors', { Operation })),
    ),
    above: 2,
    of: [2, 3],
    missing,
  },
]
