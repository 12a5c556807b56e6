import { WebSocket } from 'ws'
import { ChatClient, type ChatRoomSession } from '../../../client/index.ts'
import { type LocalRun, startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { type Forked, startForked } from '../forked.ts'
import { textOf } from '../members.ts'
import { watchProcessors } from '../processors.ts'
import { progress } from '../progress.ts'
import { evenly } from '../rate.ts'
import type { Back, Completeness, StormRequests } from './messages.ts'
import { resetUsage, type Share, shares } from './usage.ts'

/** The number of clients and rooms, and the rate of messages in all rooms together. */
export interface StormSize {
  name: string
  clients: number
  rooms: number
  perSecond: number
}

export interface Storm extends StormSize, Back, Completeness {
  messages: number
  used: Share[]
  busy: number
}

/** Cuts all clients at once while messages continue, and ends when all clients are joined again and complete. */
export async function measureStorm(size: StormSize): Promise<Storm> {
  const run = await startLocalRun()
  const clients = startForked<StormRequests>('tools/bench/storm/clients.ts', run.url)
  const senders: ChatClient[] = []
  try {
    progress(`storm: ${size.clients} clients join, ${size.name}`)
    const sessions = await sendersIn(run, size.rooms, senders)
    await clients.ask('join', { count: size.clients, rooms: [...sessions.keys()] })
    return await cutAndMeasure(run, clients, sessions, size)
  } finally {
    for (const client of senders) client.close()
    await clients.stop()
    await run.stop()
  }
}

async function cutAndMeasure(
  run: LocalRun,
  clients: Forked<StormRequests>,
  sessions: ReadonlyMap<string, ChatRoomSession>,
  size: StormSize,
): Promise<Storm> {
  const heads: Record<string, number> = {}
  const turns = [...sessions]
  let messages = 0
  const sendNext = async () => {
    const [roomId, session] = turns[messages++ % turns.length] ?? []
    if (!session || roomId === undefined) return
    const { seq } = await session.send(textOf(messages))
    heads[roomId] = Math.max(seq, heads[roomId] ?? 0)
  }
  for (let at = 0; at < turns.length; at++) await sendNext()
  await clients.ask('complete', { heads })
  await resetUsage(run)
  progress(`storm: all are cut, ${size.name}`)
  const watched = watchProcessors()
  let over = false
  const cut = clients.ask('cut', null).finally(() => (over = true))
  const sendForOneSecond = () => evenly(size.perSecond, Math.max(1, size.perSecond), sendNext)
  while (!over) await sendForOneSecond()
  const back = await cut
  const busy = watched()
  const completeness = await clients.ask('complete', { heads })
  return { ...size, ...completeness, ...back, messages, used: await shares(run, size.clients), busy }
}

/** One sender in each room, on a connection that is not cut. */
async function sendersIn(run: LocalRun, rooms: number, senders: ChatClient[]): Promise<Map<string, ChatRoomSession>> {
  const sessions = new Map<string, ChatRoomSession>()
  for (let at = 0; at < rooms; at++) {
    const token = await run.token(`sender${at}`)
    const client = new ChatClient({ url: run.url, token: () => token, webSocket: WebSocket })
    senders.push(client)
    await client.connect()
    const { roomId } = await client.createRoom({ name: `Storm ${at}`, privacy: 'open' })
    const session = client.session()
    await session.join({ roomId })
    sessions.set(roomId, session)
  }
  return sessions
}
