import { ApiGatewayConnections } from '../../../lambdas/aws/connections.ts'
import { announce } from '../../../lambdas/push/announce.ts'
import { DynamoSessions } from '../../../lambdas/store/sessions.ts'
import { sessionOf } from '../../../test/support/dynamodb/crowd.ts'
import { clientAt } from '../../load/tables.ts'
import { textOf } from '../members.ts'
import { median } from '../percentiles.ts'
import { progress } from '../progress.ts'
import { clock } from '../real-clock.ts'
import type { Peer } from './simulated.ts'

/** Milliseconds that the reply to `send` would wait for its posts. */
export interface Inline {
  connections: number
  atOnce: number
  far: number
  hanging: number
}

const rounds = 7
const farMs = 8

/** The posts of one `send` before its reply, to a peer that answers at once, after 8 ms, or not at all for one post. */
export async function inline(peer: Peer, sizes: readonly number[]): Promise<Inline[]> {
  const credentials = async () => ({ accessKeyId: 'bench', secretAccessKey: 'bench', sessionToken: 'bench' })
  const origin = await peer.ask('origin', null)
  const at = (latency: number) =>
    new ApiGatewayConnections({ endpoint: `${origin}/${latency}`, region: 'us-east-1', credentials }, clock)
  const [near, far] = [at(0), at(farMs)]
  const found: Inline[] = []
  for (const connections of sizes) {
    progress(`broadcast: inline, ${connections} connections`)
    const ids = Array.from({ length: connections }, (_, number) => `connection ${number}`)
    found.push({
      connections,
      atOnce: await timeOf(near, ids),
      far: await timeOf(far, ids),
      hanging: await timeOf(far, ['hanging', ...ids.slice(1)]),
    })
  }
  return found
}

async function timeOf(connections: ApiGatewayConnections, ids: readonly string[]): Promise<number> {
  const roomId = 'r'.repeat(22)
  const message = { roomId, seq: 1, sentAt: new Date().toISOString(), text: textOf(1) }
  const push = { type: 'message', ...message, from: { user: 'sender', name: 'Sender' } } as const
  const roster = ids.map((connectionId, at) => ({ ...sessionOf(roomId, at), connectionId }))
  // No post answers 410, so the database is not used.
  const client = clientAt(undefined)
  const app = {
    connections,
    clock,
    sessions: new DynamoSessions(client, clock, '', ''),
    metrics: { count() {} },
    note() {},
  }
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const since = performance.now()
    await announce(app, roster, push)
    times.push(performance.now() - since)
  }
  client.destroy()
  return median(times)
}
