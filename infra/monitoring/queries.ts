import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

/** A query of CloudWatch Logs Insights: its lines, joined by pipes. Capitals in quotes are for the operator to replace. */
interface SavedQuery {
  name: string
  lines: readonly string[]
}

// Each request is one line with these fields. Metrics that do not fit into it are in lines without them.
const requests = 'filter ispresent(verb)'

/** Queries that answer what an operator asks first; docs/runbook.md says when. */
export const savedQueries: readonly SavedQuery[] = [
  {
    name: 'Slowest verbs',
    lines: [
      requests,
      'stats count(*) as requests, pct(ms, 50) as p50, pct(ms, 99) as p99, max(ms) as slowest by verb',
      'sort p99 desc',
    ],
  },
  {
    name: 'Refusals by code',
    lines: [
      requests,
      'filter outcome != "ok"',
      'stats count(*) as refused, count_distinct(user) as users by outcome, verb',
      'sort refused desc',
    ],
  },
  {
    name: 'Failed requests',
    lines: [
      'fields @timestamp, verb, outcome, error, requestId, connectionId, @log',
      'filter outcome = "internal" or level = "ERROR"',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'One connection',
    lines: [
      'fields @timestamp, verb, outcome, ms, units, room, requestId',
      'filter connectionId = "CONNECTION"',
      'sort @timestamp asc',
      'limit 1000',
    ],
  },
  {
    name: 'One day of a room',
    lines: [
      requests,
      'filter room = "ROOM HASH"',
      'stats count(*) as requests, count_distinct(user) as users, pct(ms, 99) as p99 by bin(15m) as at, verb, outcome',
      'sort at asc',
    ],
  },
  {
    name: 'Who spends most',
    lines: [requests, 'stats sum(units) as spent, count(*) as requests by user', 'sort spent desc', 'limit 50'],
  },
  {
    name: 'Crashes and timeouts',
    lines: [
      'fields @timestamp, @log, @message',
      'filter type = "platform.report" and record.status != "success" or @message like /Task timed out|Runtime\\./',
      'sort @timestamp desc',
      'limit 100',
    ],
  },
]

/** The saved queries, over the logs of all functions, in a folder with the name of the chat. */
export class Queries extends Construct {
  constructor(scope: Construct, id: string, chat: string, logGroups: ILogGroup[]) {
    super(scope, id)
    for (const { name, lines } of savedQueries)
      new CfnQueryDefinition(this, name, {
        name: `${chat}/${name}`,
        queryString: lines.join('\n| '),
        logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
      })
  }
}
