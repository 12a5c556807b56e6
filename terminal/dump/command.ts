import { mkdir } from 'node:fs/promises'
import { systemClock } from '../../client/index.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure, reasonOf } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { dynamoAt } from '../tables/client.ts'
import { type DumpState, dumpFile, readState } from '../tables/files.ts'
import { findTables, tableOptions } from '../tables/find.ts'
import type { Tally } from '../tables/item.ts'
import { forEachKind, kinds } from '../tables/kept.ts'
import { Rate } from '../tables/rate.ts'
import { dumpTable } from './dump-table.ts'

const options = {
  out: { kind: 'text', shown: 'folder', required: true, meaning: 'the folder to write to' },
  segments: {
    kind: 'number',
    whole: true,
    least: 1,
    most: 1000,
    default: 4,
    meaning: 'parts of a table that are read side by side',
  },
  units: { kind: 'number', least: 1, absent: 'no bound', meaning: 'read units a second, at most' },
  ...tableOptions,
  json,
} as const satisfies Options

export const dump: Command<typeof options> = {
  name: 'dump',
  about: `Writes everything in the tables of rooms, messages and records to a folder, as JSON lines with the items as
DynamoDB has them. Cut off or run again, it goes on where it stopped.`,
  options,
  notes: [
    `A table that is written to meanwhile is not dumped as of one moment: what was stored before the start is in it, what comes
later may be. For one moment, restore the tables to it (npm run restore) and dump those.`,
    'A read unit is 4 KB. The credentials and the Region are those of the environment, as for every tool for AWS.',
  ],
  exits: { 1: 'something failed; the same call goes on' },
  examples: [
    'npm run --silent dump -- --out chat-backup',
    'npm run --silent dump -- --out chat-backup --local http://127.0.0.1:3000',
  ],
  run: dumpAll,
}

async function dumpAll({ values, output }: Invocation<typeof options>): Promise<number> {
  const { out: folder, segments, units } = values
  const database = dynamoAt(values.local)
  try {
    const tables = await findTables(database, values)
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw new Failure(`The folder "${folder}" cannot be made: ${reasonOf(error)}.`)
    })
    const before = await forEachKind((kind) => readState<DumpState>(dumpFile(folder, kind)))
    if (kinds.every((kind) => before[kind]?.done))
      throw new Failure(
        `"${folder}" holds a whole dump of ${before.rooms?.startedAt} already: choose another folder by --out.`,
        'exists',
      )
    const startedAt = new Date(systemClock.now()).toISOString()
    const dumping = { database, folder, segments, rate: new Rate(systemClock, units), output, startedAt }
    const found: Record<string, Tally> = {}
    for (const kind of kinds) {
      const tally = await dumpTable(kind, tables[kind], dumping)
      found[kind] = tally
      if (!output.isJson) await output.print(`${kind}: ${tally.items} items, checksum ${tally.checksum}`)
    }
    if (output.isJson) await output.printJson(found)
    return exitCodes.done
  } finally {
    database.destroy()
  }
}
