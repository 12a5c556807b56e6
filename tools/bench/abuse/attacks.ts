import type { LocalRun } from '../../../test/support/local-run/local-run.ts'
import type { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { connect, textOf } from '../members.ts'

/** One frame of an attack. `number` counts the frames of the attack from 0. */
export type NextFrame = (number: number) => { action: string } & Record<string, unknown>

export interface Attack {
  name: string
  /** Prepares what the frames need, with the connections of the attacker. */
  prepare(run: LocalRun, sockets: readonly [ChatSocket, ...ChatSocket[]]): Promise<NextFrame>
}

/** So many messages that a search has something to read. */
const searched = 400
const rooms = 100
const listeners = 50

const fixed =
  (frame: { action: string } & Record<string, unknown>): Attack['prepare'] =>
  async () =>
  () =>
    frame

/** A room of somebody else that everybody may read, with messages. */
async function readableRoom(run: LocalRun): Promise<string> {
  const host = await connect(run, 'host')
  const { room } = await host.ask('createRoom', { name: `Read ${Math.random()}`, privacy: 'open' })
  await host.ask('join', { roomId: room.roomId })
  for (let at = 0; at < searched; at++) await host.ask('send', { roomId: room.roomId, text: textOf(at) })
  await host.close()
  return room.roomId
}

async function openRooms(run: LocalRun): Promise<string[]> {
  const host = await connect(run, 'host')
  const ids: string[] = []
  for (let at = 0; at < rooms; at++) {
    const { room } = await host.ask('createRoom', { name: `Open ${at} ${Math.random()}`, privacy: 'open' })
    ids.push(room.roomId)
  }
  await host.close()
  return ids
}

/** A room of the attacker, joined on the first connection, in which others listen. */
async function ownRoom(run: LocalRun, [first]: readonly [ChatSocket, ...ChatSocket[]]): Promise<string> {
  const { room } = await first.ask('createRoom', { name: `Own ${Math.random()}`, privacy: 'open' })
  const others = await Promise.all(Array.from({ length: listeners }, (_, at) => connect(run, `listener${at}`)))
  for (const socket of [first, ...others]) await socket.ask('join', { roomId: room.roomId })
  return room.roomId
}

/** What one user tries in order to spend as much as possible, verb by verb. */
export const attacks: readonly Attack[] = [
  { name: 'hello', prepare: fixed({ action: 'hello' }) },
  { name: 'an action that does not exist', prepare: fixed({ action: 'nothing' }) },
  { name: 'categories', prepare: fixed({ action: 'categories' }) },
  {
    name: `browse of ${rooms} open rooms`,
    prepare: async (run) => {
      await openRooms(run)
      return () => ({ action: 'browse', criteria: { text: 'open' } })
    },
  },
  {
    name: `sync of ${rooms} open rooms`,
    prepare: async (run) => {
      const ids = await openRooms(run)
      return () => ({ action: 'sync', rooms: Object.fromEntries(ids.map((id) => [id, 1])) })
    },
  },
  {
    name: `search in ${searched} messages that finds nothing`,
    prepare: async (run) => {
      const roomId = await readableRoom(run)
      return () => ({ action: 'history', roomId, search: 'nowhere', limit: 500 })
    },
  },
  {
    name: `history of ${searched} messages`,
    prepare: async (run) => {
      const roomId = await readableRoom(run)
      return () => ({ action: 'history', roomId, limit: 500 })
    },
  },
  {
    name: `join and leave with ${listeners} participants`,
    prepare: async (run, sockets) => {
      const roomId = await ownRoom(run, sockets)
      return (number) => ({ action: Math.floor(number / sockets.length) % 2 === 0 ? 'join' : 'leave', roomId })
    },
  },
  {
    name: `send to ${listeners} participants`,
    prepare: async (run, sockets) => {
      const roomId = await ownRoom(run, sockets)
      return (number) => ({ action: 'send', roomId, text: textOf(number) })
    },
  },
  {
    name: `one message again and again to ${listeners} participants`,
    prepare: async (run, sockets) => {
      const roomId = await ownRoom(run, sockets)
      return () => ({ action: 'send', roomId, text: 'again', clientMessageId: 'again', after: 0 })
    },
  },
  {
    name: 'createRoom',
    prepare: async () => (number) => ({ action: 'createRoom', name: `Mine ${number} ${Math.random()}` }),
  },
  {
    name: 'preference of 16 KB',
    prepare: async () => (number) => ({ action: 'preference', label: `${number % 16}`, data: 'x'.repeat(16_000) }),
  },
]
