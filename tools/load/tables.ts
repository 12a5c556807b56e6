import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { env } from '../../lambdas/bindings.ts'
import type { Tables } from './fill.ts'

/** The same credentials as the local run has, since some local databases keep separate data for each signer. */
const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }

export const clientAt = (endpoint: string | undefined): DynamoDBClient =>
  new DynamoDBClient(endpoint === undefined ? {} : { endpoint, ...local })

/** The tables by the environment, or else by the suffixes that a stack gives their names. */
export async function findTables(client: DynamoDBClient): Promise<Tables> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  const named = (kind: string, variable: string): string => {
    const given = process.env[variable]
    if (given) return given
    const [found, ...others] = TableNames.filter((name) => new RegExp(`${kind}\\w{8}(-\\w+)?$`).test(name))
    if (found !== undefined && others.length === 0) return found
    throw new Error(`Which table is ${kind}? Set ${variable}. There are: ${TableNames.join(', ') || 'none'}.`)
  }
  return {
    rooms: named('Rooms', env.roomsTable),
    messages: named('Messages', env.messagesTable),
    records: named('Records', env.recordsTable),
  }
}
