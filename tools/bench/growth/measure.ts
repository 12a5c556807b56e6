import { startLocal } from '../../../local/start.ts'
import { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { messageWords, sentAt } from '../../load/conversation.ts'
import { fill } from '../../load/fill.ts'
import { reader } from '../../load/people.ts'
import { longRoom, roomAt, roomId, roomWords } from '../../load/population.ts'
import { clientAt, findTables } from '../../load/tables.ts'
import { type Consumption, consumed } from '../consumption.ts'
import { closeAll, textOf, userAt } from '../members.ts'
import { progress } from '../progress.ts'
import { logTimes, runQuery, type Setup } from '../size/query.ts'

/** The size of a chat. */
export interface Extent {
  rooms: number
  /** Joined members of the measured room. */
  members: number
  /** Messages in the measured room. */
  messages: number
}

/** The use of each situation, by its name. */
export type Used = Map<string, Consumption>

const categories = 10
const sends = 10

/** Fills a new local run and performs each situation in it once. */
export async function measureAt(templateDir: string, extent: Extent): Promise<Used> {
  const { rooms, members, messages } = extent
  const label = `growth: ${rooms} rooms, ${members} members, ${messages} messages`
  progress(label)
  const times = logTimes()
  const run = await startLocal({ port: 0, templateDir, log: times.read })
  const database = clientAt(run.database)
  const enter = async (user: string, groups = ''): Promise<ChatSocket> => {
    const token = await fetch(`${run.origin}/token?${new URLSearchParams({ user, groups })}`)
    return ChatSocket.open(run.url, await token.text())
  }
  try {
    await fill(database, await findTables(database), { rooms, categories, messages })
    const room = { roomId: roomId(longRoom) }
    const joined = await Promise.all(Array.from({ length: members - 1 }, (_, at) => enter(userAt(at))))
    for (const member of joined) await member.ask('join', room)
    // `$disconnect` runs after the connection, so its function must have started before.
    await (await enter('visitor')).close()
    const setup: Setup = { run, times, client: await enter(reader.user, reader.group) }
    const used: Used = new Map()
    const measure = async (situation: string, action: () => Promise<unknown>, count = 1) => {
      progress(`${label}: ${situation}`)
      used.set(situation, await consumed(run, count, action))
    }
    const all = async (situation: string, action: string, fields: object) => {
      progress(`${label}: ${situation}`)
      used.set(situation, (await runQuery(setup, action, fields)).used)
    }
    await useRoom(setup.client, joined, room, messages, measure)
    await all('search of the whole log', 'history', { ...room, search: messageWords.rare, limit: 500 })
    await all('browse all rooms for a word', 'browse', { criteria: { text: roomWords.rare } })
    await all('browse one category', 'browse', { categoryId: roomAt(longRoom, categories).room.categoryId })
    await all('browse mine', 'browse', { mine: true })
    await measure('browse, a first page', () =>
      setup.client.ask('browse', { criteria: { text: roomWords.common }, limit: 10 }),
    )
    await measure('connect', () => enter('stranger').then((socket) => joined.push(socket)))
    await measure('disconnect, joined', () => setup.client.close())
    // The functions of the disconnects must end before the run.
    await consumed(run, 1, () => closeAll(joined))
    return used
  } finally {
    database.destroy()
    await run.stop()
  }
}

type Measure = (situation: string, action: () => Promise<unknown>, times?: number) => Promise<void>

/** Joins, reads and sends. */
async function useRoom(
  client: ChatSocket,
  members: readonly ChatSocket[],
  room: { roomId: string },
  messages: number,
  measure: Measure,
): Promise<void> {
  await measure('join with the newest 30', () => client.ask('join', room))
  await measure('leave', () => client.ask('leave', room))
  await measure('join, resuming after 10', () => client.ask('join', { ...room, after: messages - 10 }))
  const middle = Math.floor(messages / 2)
  const date = new Date(sentAt(middle)).toISOString()
  await measure('history of the newest 30', () => client.ask('history', { ...room, limit: 30 }))
  await measure('history of 30 in the middle', () => client.ask('history', { ...room, limit: 30, before: middle }))
  await measure('history of 30 from a date on', () => client.ask('history', { ...room, limit: 30, from: date }))
  const frequent = { ...room, limit: 30, search: messageWords.common }
  await measure('search, a first page', () => client.ask('history', frequent))
  await measure('sync, 10 messages behind', () => client.ask('sync', { rooms: { [room.roomId]: messages - 10 } }))
  await measure('participants', () => client.ask('participants', room))
  await measure('getRoom', () => client.ask('getRoom', room))
  let head = messages
  const send = async () => {
    for (let at = 0; at < sends; at++) {
      const draft = { text: textOf(at), clientMessageId: `growth-${at}`, after: head }
      head = (await client.ask('send', { ...room, ...draft })).message.seq
    }
  }
  await measure('send', send, sends)
  // The received pushes are not needed.
  for (const { pushes } of members) pushes.length = 0
}
