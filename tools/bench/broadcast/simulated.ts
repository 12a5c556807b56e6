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
import type { Measurement } from './measure.ts'
import type { PeerRequests } from './peer.ts'

/** A program that answers posts and delivers nothing. */
export type Peer = Forked<PeerRequests>

export const startPeer = (): Peer => startForked<PeerRequests>('tools/bench/broadcast/peer.ts')

const times = 2

/** Concurrent workers: with twenty on two cores, requests to the database would time out. */
const workers = '4'

/** Measures a room of sessions without sockets, on a stack whose functions post to the peer. */
export async function simulated(peer: Peer, connections: number): Promise<Measurement> {
  const folder = await assemblyPostingTo({ origin: await peer.ask('origin', null), context: { workers } })
  const run = await startLocal({ port: 0, templateDir: folder, log: () => {} })
  const crowd = await FakeCrowd.in(run)
  try {
    progress(`broadcast: ${connections} sessions are written`)
    const token = await (await fetch(`${run.origin}/token?user=sender`)).text()
    const sender = await ChatSocket.open(run.url, token)
    const { room } = await sender.ask('createRoom', { name: 'A hundred thousand', privacy: 'open' })
    const { roomId } = room
    await sender.ask('join', { roomId })
    await crowd.add(roomId, connections - 1)
    await recount(crowd.store, clock, roomId, await crowd.store.crowd(roomId))
    const deliveries: Measurement['deliveries'] = []
    const parts = Math.min(Math.ceil(connections / partSize), maxParts)
    const send = async (at: number) => {
      progress(`broadcast: message ${at} of ${times} to ${connections} simulated connections`)
      await peer.ask('take', null)
      const since = performance.timeOrigin + performance.now()
      const { message } = await sender.ask('send', { roomId, text: textOf(at) })
      const replyMs = performance.timeOrigin + performance.now() - since
      while (endedIn('stream:Batch', run.usage.read()) < at) await clock.sleep(100)
      while (endedIn('lambda:Event', run.usage.read()) < at * parts) await clock.sleep(100)
      const { once, twice, first, median, last } = await peer.ask('take', null)
      const ms = { replyMs, firstMs: first - since, medianMs: median - since, lastMs: last - since }
      deliveries.push({ ...ms, seq: message.seq, once, twice, never: connections - 1 - once - twice, elsewhere: 0 })
    }
    const used = await consumed(run, times, async () => {
      for (let at = 1; at <= times; at++) await send(at)
    })
    sender.kill()
    // The run does not count posts to the peer.
    return { situation: 'simulated posts', connections, deliveries, used: { ...used, posts: connections - 1 } }
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
