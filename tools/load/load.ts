import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { startLocal } from '../../local/start.ts'
import type { Command } from '../../terminal/command/command.ts'
import { Failure, reasonOf, UsageError } from '../../terminal/command/failure.ts'
import type { Options } from '../../terminal/command/options.ts'
import type { Output } from '../../terminal/command/output.ts'
import { start } from '../../terminal/command/start.ts'
import { defaultSize, type FillResult, fill, type Size } from './fill.ts'
import { clientAt, findTables } from './tables.ts'

const options = {
  rooms: { kind: 'number', whole: true, least: 2, default: defaultSize.rooms, meaning: 'rooms' },
  categories: {
    kind: 'number',
    whole: true,
    least: 1,
    default: defaultSize.categories,
    meaning: 'categories of the rooms',
  },
  messages: { kind: 'number', whole: true, default: defaultSize.messages, meaning: 'messages in one of the rooms' },
} as const satisfies Options

const loading: Command<typeof options> = {
  name: 'traffic',
  about: 'Fills a system with rooms and messages. Cut off or run again, it writes what is missing and nothing twice.',
  options,
  notes: [
    `The environment says where to:
  DATA               the file of a local run that is not running now: DATA=<file> npm start shows what was loaded
  DYNAMODB_ENDPOINT  a DynamoDB that runs, with the tables of one stack
  ROOMS_TABLE, MESSAGES_TABLE, RECORDS_TABLE
                     its tables, where their names do not tell; with them and without an endpoint, those of the account
                     that the environment's credentials are for`,
  ],
  examples: [
    'DATA=chat.db npm run traffic && DATA=chat.db npm start',
    'DYNAMODB_ENDPOINT=http://… npm run traffic -- --rooms 500 --messages 10000',
  ],
  async run({ values, output }) {
    const { DATA, DYNAMODB_ENDPOINT, ROOMS_TABLE } = process.env
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
    if (DYNAMODB_ENDPOINT || ROOMS_TABLE) await load(DYNAMODB_ENDPOINT || undefined, values, output)
    else if (DATA) await loadFile(DATA, values, output)
    else
      throw new UsageError(
        'Where to? Set DATA to the file of a local run, or DYNAMODB_ENDPOINT to a DynamoDB with the tables.',
      )
    return 0
  },
}

await start(loading)

/** Starts a local run, which creates the tables and knows the address of its database. */
async function loadFile(data: string, size: Size, output: Output): Promise<void> {
  const local = await startLocal({ data, port: 0 })
  try {
    await load(local.database, size, output)
  } finally {
    await local.stop()
  }
}

async function load(endpoint: string | undefined, size: Size, output: Output): Promise<void> {
  const startedAt = performance.now()
  const client = clientAt(endpoint)
  try {
    const { rooms, memberships, messages } = await fillTables(client, size)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    await output.print(
      `Stored ${rooms} rooms, ${memberships} memberships and ${messages} messages in ${seconds} s.
There are ${size.rooms} rooms in ${size.categories} categories, and ${size.messages} messages in one.`,
    )
  } finally {
    client.destroy()
  }
}

async function fillTables(client: DynamoDBClient, size: Size): Promise<FillResult> {
  try {
    return await fill(client, await findTables(client), size)
  } catch (error) {
    throw new Failure(`The tables cannot be filled: ${reasonOf(error)}`)
  }
}
