import { startLocal } from '../../../local/start.ts'
import { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { fewMessages, fill, usual } from '../../load/fill.ts'
import { reader } from '../../load/people.ts'
import { longRoom, roomId } from '../../load/population.ts'
import { clientAt, findTables } from '../../load/tables.ts'
import { rounded, table } from '../report.ts'
import { browsing } from './browsing.ts'
import { timekeeper } from './looking.ts'
import { passOver } from './pass.ts'
import { searching } from './searching.ts'
import { entering, reading } from './visits.ts'

/** Directory, search, joining and history of a chat that is large. */
export async function size(): Promise<string> {
  const keeper = timekeeper()
  const run = await startLocal({ port: 0, verbose: true, log: keeper.hear })
  const database = clientAt(run.database)
  try {
    const tables = await findTables(database)
    await fill(database, tables, usual)
    const of = [database, tables.messages, roomId(longRoom)] as const
    const passes = { strong: await passOver(...of, true), eventual: await passOver(...of, false) }
    const scene = { run, keeper, client: await readerOn(run) }
    const directory = await browsing(scene)
    const log = await searching(scene, passes)
    const visits = [...(await entering(scene)), ...(await reading(scene))]
    await scene.client.close()
    const pass = `One pass over the log is ${rounded(passes.strong)} units, or ${rounded(passes.eventual)} eventual ones.`
    return [
      `The directory of ${usual.rooms} rooms in ${usual.categories} categories:`,
      directory,
      `Searching ${usual.messages} messages, from the newest to the oldest. ${pass}`,
      log,
      `A room of ${usual.messages} messages, beside one of ${fewMessages}:`,
      table(['situation', 'read units', 'beside', 'function ms', 'beside', 'target'], visits),
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
