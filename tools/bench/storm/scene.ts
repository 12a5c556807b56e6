import { WebSocket } from 'ws'
import { ChatClient, type ChatRoomSession } from '../../../client/index.ts'
import { type LocalRun, startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { type Forked, startForked } from '../forked.ts'
import { textOf } from '../members.ts'
import { watchProcessors } from '../processors.ts'
import { progress } from '../progress.ts'
import { evenly } from '../rate.ts'
import type { Back, Completeness, StormWords } from './messages.ts'
import { forget, type Share, shares } from './usage.ts'

/** So many clients in so many rooms, in which so much is said in all. */
export interface Weather {
  name: string
  clients: number
  rooms: number
  perSecond: number
}

export interface Storm extends Weather, Back, Completeness {
  messages: number
  used: Share[]
  busy: number
}

/** All are cut off at once, while others talk on; ended when everybody is back and has everything. */
export async function storm(weather: Weather): Promise<Storm> {
  const run = await startLocalRun()
  const clients = startForked<StormWords>('tools/bench/storm/clients.ts', run.url)
  const talking: ChatClient[] = []
  try {
    progress(`storm: ${weather.clients} clients come, ${weather.name}`)
    const talkers = await talkersIn(run, weather.rooms, talking)
    await clients.ask('come', { count: weather.clients, rooms: [...talkers.keys()] })
    return await blow(run, clients, talkers, weather)
  } finally {
    for (const client of talking) client.close()
    await clients.stop()
    await run.stop()
  }
}

async function blow(
  run: LocalRun,
  clients: Forked<StormWords>,
  talkers: ReadonlyMap<string, ChatRoomSession>,
  weather: Weather,
): Promise<Storm> {
  const heads: Record<string, number> = {}
  const turns = [...talkers]
  let messages = 0
  const talk = async () => {
    const [roomId, talker] = turns[messages++ % turns.length] ?? []
    if (!talker || roomId === undefined) return
    const { seq } = await talker.send(textOf(messages))
    heads[roomId] = Math.max(seq, heads[roomId] ?? 0)
  }
  for (let at = 0; at < turns.length; at++) await talk()
  await clients.ask('complete', { heads })
  await forget(run)
  progress(`storm: all are cut, ${weather.name}`)
  const watched = watchProcessors()
  let over = false
  const cut = clients.ask('cut', null).finally(() => (over = true))
  const second = () => evenly(weather.perSecond, Math.max(1, weather.perSecond), talk)
  while (!over) await second()
  const back = await cut
  const busy = watched()
  const whole = await clients.ask('complete', { heads })
  return { ...weather, ...whole, ...back, messages, used: await shares(run, weather.clients), busy }
}

/** Somebody in each room who is on another line. */
async function talkersIn(run: LocalRun, rooms: number, talking: ChatClient[]): Promise<Map<string, ChatRoomSession>> {
  const talkers = new Map<string, ChatRoomSession>()
  for (let at = 0; at < rooms; at++) {
    const token = await run.token(`talker${at}`)
    const client = new ChatClient({ url: run.url, token: () => token, webSocket: WebSocket })
    talking.push(client)
    await client.connect()
    const { roomId } = await client.createRoom({ name: `Storm ${at}`, privacy: 'open' })
    const session = client.session()
    await session.join({ roomId })
    talkers.set(roomId, session)
  }
  return talkers
}
