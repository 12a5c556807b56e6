import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { stackOption } from '../aws/stack-name.ts'
import { Failure, UsageError } from '../command/failure.ts'
import type { Options } from '../command/options.ts'
import { calling } from './failures.ts'
import { forEachKind, type Kind, type TableNames } from './kept.ts'

/** Which tables a command works on. */
export const tableOptions = {
  stack: stackOption('the stack whose tables are meant'),
  rooms: { kind: 'text', shown: 'table', absent: 'found by the stack', meaning: 'the table of rooms' },
  messages: { kind: 'text', shown: 'table', absent: 'found by the stack', meaning: 'the table of messages' },
  records: { kind: 'text', shown: 'table', absent: 'found by the stack', meaning: 'the table of records' },
  local: {
    kind: 'url',
    schemes: ['http:'],
    absent: 'the account of the environment',
    meaning: 'the address of a local run, in place of an account',
  },
} as const satisfies Options

export interface TableValues extends Readonly<Record<Kind, string | undefined>> {
  stack: string
}

/** The tables as named, the others by the names that CloudFormation and a restore give the tables of a stack. */
export async function findTables(database: Pick<DynamoDBClient, 'send'>, values: TableValues): Promise<TableNames> {
  const { rooms, messages, records, stack } = values
  const given = { rooms, messages, records }
  const named = Object.values(given).filter((name) => name !== undefined)
  if (new Set(named).size < named.length)
    throw new UsageError('--rooms, --messages and --records must name three tables.')
  const all = named.length === 3 ? [] : await namesOf(database)
  return forEachKind((kind) => given[kind] ?? only(kind, stack, all))
}

function only(kind: Kind, stack: string, all: readonly string[]): string {
  const logical = kind.charAt(0).toUpperCase() + kind.slice(1)
  const own = all.filter((name) => name.startsWith(`${stack}-`))
  const [found, ...others] = own.filter((name) =>
    new RegExp(`^-\\w*${logical}[0-9A-F]{8}(-|$)`).test(name.slice(stack.length)),
  )
  if (found !== undefined && others.length === 0) return found
  if (found === undefined)
    throw new Failure(
      `There is no table of ${kind} of the stack "${stack}" in this account and Region: name the stack by --stack, or the table by --${kind}.`,
      'not_found',
    )
  throw new Failure(
    `Which table of ${kind} is meant? Name it by --${kind}: ${[found, ...others].map((name) => `"${name}"`).join(' or ')}.`,
    'ambiguous',
  )
}

async function namesOf(database: Pick<DynamoDBClient, 'send'>): Promise<string[]> {
  const names: string[] = []
  let ExclusiveStartTableName: string | undefined
  do {
    const start = ExclusiveStartTableName
    const page = await calling('ListTables', '*', () =>
      database.send(new ListTablesCommand(start === undefined ? {} : { ExclusiveStartTableName: start })),
    )
    names.push(...(page.TableNames ?? []))
    ExclusiveStartTableName = page.LastEvaluatedTableName
  } while (ExclusiveStartTableName !== undefined)
  return names
}
