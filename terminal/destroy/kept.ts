import { type AwsCaller, AwsError } from '../aws/caller.ts'
import type { KeptResource } from '../aws/stack.ts'
import { stackArgument } from '../aws/stack-name.ts'

/** A resource that stays, with the size and the stream of a table. */
export interface Kept extends KeptResource {
  bytes?: number
  stream?: string
}

/** Dollars for a gigabyte and month in us-east-1: storage, and point-in-time recovery. tools/price has the same. */
const usdPerGigabyte = { stored: 0.25, backedUp: 0.2 }

const gigabyte = 1024 ** 3

const sizeOf = (bytes: number): string =>
  bytes < gigabyte / 100 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / gigabyte).toFixed(2)} GB`

const isTable = ({ type }: KeptResource): boolean => /^AWS::DynamoDB::(Global)?Table$/.test(type)

/** Whether a table is no part of the stack. */
const isNamed = ({ logicalId }: KeptResource): boolean => logicalId === undefined

/** Adds the sizes of tables, which DynamoDB counts anew every six hours. Tables that are gone already are left out. */
export async function sizesOf(aws: AwsCaller, resources: readonly KeptResource[]): Promise<Kept[]> {
  const found = await Promise.all(
    resources.map(async (resource) => (isTable(resource) ? withSize(aws, resource) : resource)),
  )
  return found.filter((one) => one !== undefined)
}

async function withSize(aws: AwsCaller, table: KeptResource): Promise<Kept | undefined> {
  try {
    const { Table } = await aws.json('dynamodb', 'DescribeTable', { TableName: table.id })
    const described: { TableSizeBytes?: number; LatestStreamArn?: string } = { ...(Table as object | undefined) }
    const { TableSizeBytes: bytes = 0, LatestStreamArn: stream } = described
    return { ...table, bytes, ...(stream !== undefined && { stream }) }
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined
    throw error
  }
}

/** What stays, what it costs, how to come back to it, and how to delete it. */
export function linesAbout(kept: readonly Kept[], stack: string, region: string): string[] {
  if (kept.length === 0) return ['Nothing stays: the tables go with the stack.']
  const tables = kept.filter(isTable)
  const pools = kept.filter(({ type }) => type === 'AWS::Cognito::UserPool')
  const others = kept.filter((one) => !tables.includes(one) && !pools.includes(one))
  const bytes = tables.reduce((sum, table) => sum + (table.bytes ?? 0), 0)
  const monthly = (bytes / gigabyte) * (usdPerGigabyte.stored + usdPerGigabyte.backedUp)
  return [
    'These stay in the account:',
    ...tables.map(
      (table) =>
        `  table ${table.id}, ${sizeOf(table.bytes ?? 0)}${isNamed(table) ? ', which is named by the settings and no part of the stack' : ''}`,
    ),
    ...pools.map(({ id }) => `  user pool ${id}`),
    ...others.map(({ id, type }) => `  ${type} ${id}`),
    `The tables cost about $${monthly.toFixed(2)} a month with their recovery, at the prices of us-east-1. The pool costs nothing while nobody signs in.`,
    ...comeBack(tables, pools, { stack, region }),
    `To delete them, when the stack is gone${tables.some(isNamed) ? ' and nothing else uses them' : ''}:`,
    ...tables.flatMap(({ id }) => [
      `  aws dynamodb update-table --table-name ${id} --no-deletion-protection-enabled`,
      `  aws dynamodb delete-table --table-name ${id}`,
    ]),
    ...pools.flatMap(({ id }) => [
      `  aws cognito-idp update-user-pool --user-pool-id ${id} --deletion-protection INACTIVE`,
      `  aws cognito-idp delete-user-pool --user-pool-id ${id}`,
    ]),
  ]
}

/** The names under which the setting `tables` takes tables, by the beginning of their logical ids. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/Rooms/, 'rooms'],
  [/Messages/, 'messages'],
  [/Records/, 'records'],
]

function comeBack(
  tables: readonly Kept[],
  pools: readonly Kept[],
  { stack, region }: { stack: string; region: string },
): string[] {
  const named = tables.flatMap(({ logicalId = '', holds, id }) => {
    const what = holds ?? kinds.find(([pattern]) => pattern.test(logicalId))?.[1]
    return what === undefined ? [] : [`${what}=${id}`]
  })
  const stream = tables.find((table) => table.stream !== undefined)?.stream
  const pool = pools[0]?.id
  return [
    ...(named.length > 0
      ? [
          'To come back to the tables:',
          `  npm run deploy -- tables=${named.join(',')}${stream ? ` messagesStream=${stream}` : ''}${stackArgument(stack)}`,
        ]
      : []),
    ...(pool === undefined
      ? []
      : [
          'The log knows users by the ids of this pool. To come back to it as well, make a client of it, and add both to that line:',
          `  aws cognito-idp create-user-pool-client --user-pool-id ${pool} --client-name chat --explicit-auth-flows ALLOW_USER_SRP_AUTH ALLOW_ADMIN_USER_PASSWORD_AUTH ALLOW_REFRESH_TOKEN_AUTH`,
          `  issuer=https://cognito-idp.${region}.amazonaws.com/${pool} audience=<its ClientId>`,
        ]),
  ]
}
