import type { Clock } from '../clock.ts'
import type { Allows } from '../iam/grants.ts'
import type { LambdaFunction } from '../template/functions.ts'
import type { Table } from '../template/tables.ts'
import { type Stream, stream } from './stream.ts'

export interface Streams {
  all: Stream[]
  ofTable(table: string): Stream | undefined
  byArn(arn: string): Stream | undefined
}

export function startStreams(tables: Table[], clock: Clock): Streams {
  const all = tables.flatMap((table) =>
    table.stream ? [stream(table, table.stream.arn, table.stream.view, clock)] : [],
  )
  const byTable = new Map(all.map((item) => [item.table, item]))
  return { all, ofTable: (table) => byTable.get(table), byArn: (arn) => all.find((item) => item.arn === arn) }
}

const requiredActions = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams']

/** Throws if the role of the function may not read the stream: CloudFormation would refuse this deployment. */
export function checkSource(arn: string, { id, role }: LambdaFunction, grants: Map<string, Allows>): void {
  const missing = requiredActions.filter((action) => {
    const resource = action === 'ListStreams' ? '*' : arn
    const allows = grants.get(role)
    return !(allows?.(`dynamodb:${action}`, resource) || allows?.(`dynamodb:${action}`, arn))
  })
  if (missing.length === 0) return
  throw new Error(
    `Cannot access stream ${arn}: the role of function ${id} may not ${missing.map((name) => `dynamodb:${name}`).join(', ')}`,
  )
}
