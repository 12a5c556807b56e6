import { systemClock } from '../../client/index.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { dynamoAt } from '../tables/client.ts'
import { findTables, tableOptions } from '../tables/find.ts'
import type { Tally } from '../tables/item.ts'
import { kinds } from '../tables/kept.ts'
import { Rate } from '../tables/rate.ts'
import { type Loading, loadTable, prepareLoad, type Ready } from './load-table.ts'

const options = {
  in: { kind: 'text', shown: 'folder', required: true, meaning: 'the folder of a dump' },
  units: { kind: 'number', least: 1, absent: 'no bound', meaning: 'write units a second, at most' },
  ...tableOptions,
  json,
} as const satisfies Options

export const load: Command<typeof options> = {
  name: 'load',
  about: `Stores a dump in the empty tables of rooms, messages and records of a new deployment, and compares them with it.
Cut off or run again, it goes on where it stopped.`,
  options,
  notes: [
    'All three tables and files are checked before the first item is stored. A table that is not empty is refused.',
    `A write unit is 1 KB, and each index takes its own. Deploy with a raised epoch before clients that knew the old tables
come back (-c epoch=…).`,
  ],
  exits: { 1: 'something failed; the same call goes on' },
  examples: [
    'npm run --silent load -- --in chat-backup --stack ChatTwo',
    'npm run --silent load -- --in chat-backup --units 500',
  ],
  run: loadAll,
}

async function loadAll({ values, output }: Invocation<typeof options>): Promise<number> {
  const database = dynamoAt(values.local)
  try {
    const tables = await findTables(database, values)
    const rate = new Rate(systemClock, values.units)
    const loading: Loading = { database, folder: values.in, rate, clock: systemClock, output }
    const ready: Ready[] = []
    for (const kind of kinds) ready.push(await prepareLoad(kind, tables[kind], loading))
    const stored: Record<string, Tally> = {}
    for (const table of ready) {
      const tally = await loadTable(table, loading)
      stored[table.kind] = tally
      if (!output.isJson) await output.print(`${table.kind}: ${tally.items} items, checksum ${tally.checksum}`)
    }
    if (output.isJson) await output.printJson(stored)
    return exitCodes.done
  } finally {
    database.destroy()
  }
}
