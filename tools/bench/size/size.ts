import { startLocal } from '../../../local/start.ts'
import { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { defaultSize, fewMessages, fill } from '../../load/fill.ts'
import { reader } from '../../load/people.ts'
import { longRoom, roomId } from '../../load/population.ts'
import { clientAt, findTables } from '../../load/tables.ts'
import { rounded, table } from '../report.ts'
import { browsing } from './browsing.ts'
import { passOver } from './pass.ts'
import { logTimes } from './query.ts'
import { history, joins } from './room-reads.ts'
import { searching } from './searching.ts'

/** The directory, searches, joins and history of a large chat. */
export async function size(): Promise<string> {
  const times = logTimes()
  const run = await startLocal({ port: 0, verbose: true, log: times.read })
  const database = clientAt(run.database)
  try {
    const tables = await findTables(database)
    await fill(database, tables, defaultSize)
    const of = [database, tables.messages, roomId(longRoom)] as const
    const passes = { strong: await passOver(...of, true), eventual: await passOver(...of, false) }
    const setup = { run, times, client: await readerOn(run) }
    const directory = await browsing(setup)
    const log = await searching(setup, passes)
    const rows = [...(await joins(setup)), ...(await history(setup))]
    await setup.client.close()
    const pass = `One pass over the log is ${rounded(passes.strong)} units, or ${rounded(passes.eventual)} eventual ones.`
    return [
      `The directory of ${defaultSize.rooms} rooms in ${defaultSize.categories} categories:`,
      directory,
      `Searching ${defaultSize.messages} messages, from the newest to the oldest. ${pass}`,
      log,
      `A room of ${defaultSize.messages} messages, beside one of ${fewMessages}:`,
      table(['situation', 'read units', 'beside', 'function ms', 'beside', 'target'], rows),
    ].join('\n\n')
  } finally {
    database.destroy()
    await run.stop()
  }
}

async function readerOn({ origin, url }: { origin: string; url: string }): Promise<ChatSocket> {
  const token = await fetch(`${origin}/token?${new URLSearchParams({ user: reader.user, groups: reader.group })}`)
  return ChatSocket.open(url, await token.text())
}
