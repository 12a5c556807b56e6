import { parseArgs } from 'node:util'
import { startLocal } from '../../local/start.ts'
import { fill, type Size, usual } from './filling.ts'
import { clientAt, findTables } from './tables.ts'

// DATA      file of a local run that is not running now: DATA=<file> npm start shows what was loaded
// DYNAMODB_ENDPOINT  a DynamoDB that runs, with the tables of one stack
// ROOMS_TABLE, MESSAGES_TABLE, RECORDS_TABLE  its tables, where their names do not tell; with them and without an
//           endpoint, those of the account that the environment's credentials are for
const { DATA, DYNAMODB_ENDPOINT, ROOMS_TABLE } = process.env

const options = {
  rooms: { type: 'string', default: String(usual.rooms) },
  categories: { type: 'string', default: String(usual.categories) },
  messages: { type: 'string', default: String(usual.messages) },
} as const

const { values } = parseArgs({ options })
const size: Size = {
  rooms: whole('rooms', values.rooms, 2),
  categories: whole('categories', values.categories, 1),
  messages: whole('messages', values.messages, 0),
}

if (DYNAMODB_ENDPOINT || ROOMS_TABLE) await load(DYNAMODB_ENDPOINT || undefined)
else if (DATA) await loadFile(DATA)
else {
  console.error('Where to? Set DATA to the file of a local run, or DYNAMODB_ENDPOINT to a DynamoDB with the tables.')
  process.exitCode = 1
}

/** A local run that is started makes its tables, and knows where its database is. */
async function loadFile(data: string): Promise<void> {
  const local = await startLocal({ data, port: 0 })
  try {
    await load(local.database)
  } finally {
    await local.stop()
  }
}

async function load(endpoint: string | undefined): Promise<void> {
  const startedAt = performance.now()
  const client = clientAt(endpoint)
  try {
    const { rooms, memberships, messages } = await fill(client, await findTables(client), size)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    console.log(`Stored ${rooms} rooms, ${memberships} memberships and ${messages} messages in ${seconds} s.`)
    console.log(`There are ${size.rooms} rooms in ${size.categories} categories, and ${size.messages} messages in one.`)
  } finally {
    client.destroy()
  }
}

function whole(name: string, value: string, least: number): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number >= least) return number
  console.error(`--${name} takes a whole number from ${least} on.`)
  process.exit(1)
}
