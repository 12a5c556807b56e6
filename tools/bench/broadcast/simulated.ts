import { rm } from 'node:fs/promises'
import { maxParts, partSize, recount } from '../../../lambdas/domain/sessions/crowd.ts'
import { startLocal } from '../../../local/start.ts'
import type { Usage } from '../../../local/usage.ts'
import { FakeCrowd } from '../../../test/support/dynamodb/crowd.ts'
import { assemblyPostingTo } from '../../../test/support/local-run/other-gateway.ts'
import { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { consumed } from '../consumption.ts'
import { type Forked, startForked } from '../forked.ts'
import { textOf } from '../members.ts'
import { progress } from '../progress.ts'
import { clock } from '../real-clock.ts'
import type { PeerWords } from './peer.ts'
import type { Taken } from './scene.ts'

/** Somebody who answers posts and delivers nothing. */
export type Peer = Forked<PeerWords>

export const startPeer = (): Peer => startForked<PeerWords>('tools/bench/broadcast/peer.ts')

const times = 2

/** At a time, while the others wait for their turn: twenty at once on two cores would time out on the database. */
const workers = '4'

/** Sessions that nobody holds, in the tables of a stack whose functions post to the peer. */
export async function simulated(peer: Peer, connections: number): Promise<Taken> {
  const folder = await assemblyPostingTo({ origin: await peer.ask('origin', null), context: { workers } })
  const run = await startLocal({ port: 0, templateDir: folder, log: () => {} })
  const crowd = await FakeCrowd.in(run)
  try {
    progress(`broadcast: ${connections} sessions are written`)
    const token = await (await fetch(`${run.origin}/token?user=speaker`)).text()
    const speaker = await ChatSocket.open(run.url, token)
    const { room } = await speaker.ask('createRoom', { name: 'A hundred thousand', privacy: 'open' })
    const { roomId } = room
    await speaker.ask('join', { roomId })
    await crowd.add(roomId, connections - 1)
    await recount(crowd.store, clock, roomId, await crowd.store.crowd(roomId))
    const heard: Taken['heard'] = []
    const parts = Math.min(Math.ceil(connections / partSize), maxParts)
    const say = async (at: number) => {
      progress(`broadcast: message ${at} of ${times} to ${connections} simulated connections`)
      await peer.ask('take', null)
      const since = performance.timeOrigin + performance.now()
      const { message } = await speaker.ask('send', { roomId, text: textOf(at) })
      const replyMs = performance.timeOrigin + performance.now() - since
      while (endedIn('stream:Batch', run.usage.read()) < at) await clock.sleep(100)
      while (endedIn('lambda:Event', run.usage.read()) < at * parts) await clock.sleep(100)
      const { once, twice, first, median, last } = await peer.ask('take', null)
      const ms = { replyMs, firstMs: first - since, medianMs: median - since, lastMs: last - since }
      heard.push({ ...ms, seq: message.seq, once, twice, never: connections - 1 - once - twice, elsewhere: 0 })
    }
    const used = await consumed(run, times, async () => {
      for (let at = 1; at <= times; at++) await say(at)
    })
    speaker.kill()
    // The run knows nothing of posts that pass it by.
    return { situation: 'simulated posts', connections, heard, used: { ...used, posts: connections - 1 } }
  } finally {
    crowd.end()
    await run.stop()
    await rm(folder, { recursive: true })
  }
}

/** What waits in between, or is tried again, has not ended. */
const endedIn = (action: string, { calls }: ReturnType<Usage['read']>) =>
  calls
    .filter((line) => line.action === action && !['throttled', 'retried'].includes(line.outcome))
    .reduce((sum, line) => sum + line.calls, 0)
