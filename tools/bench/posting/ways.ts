import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { ApiGatewayConnections } from '../../../lambdas/aws/connections.ts'
import { Floor } from './floor.ts'

/** Posts one message to many connections. */
export type Broadcast = (connectionIds: readonly string[], frame: string) => Promise<void>

const inFlight = 100
const region = 'us-east-1'
const credentials = {
  accessKeyId: 'ASIABENCHBENCHBENCH1',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  // As long as the token of a function's role.
  sessionToken: 'IQoJb3JpZ2luX2Vj'.repeat(56),
}
const clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}

async function forEachConnection(ids: readonly string[], post: (id: string) => Promise<void>): Promise<void> {
  const queue = ids.values()
  const worker = async () => {
    for (const id of queue) await post(id)
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
}

function ours(endpoint: string): Broadcast {
  const connections = new ApiGatewayConnections({ endpoint, region, credentials: async () => credentials }, clock)
  return (ids, frame) =>
    forEachConnection(ids, async (id) => {
      const outcome = await connections.post(id, frame)
      if (outcome !== 'delivered') throw new Error(`The outcome of a post was ${outcome}.`)
    })
}

function usedWell(endpoint: string): Broadcast {
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    region,
    credentials,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 500,
      requestTimeout: 1500,
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: inFlight, keepAlive: true },
    },
  })
  return (ids, frame) =>
    forEachConnection(ids, async (id) => {
      await client.send(new PostToConnectionCommand({ ConnectionId: id, Data: Buffer.from(frame) }))
    })
}

/** As in samples of AWS: a client for each invocation, and all posts at once. */
function asInSamples(endpoint: string): Broadcast {
  return async (ids, frame) => {
    const client = new ApiGatewayManagementApiClient({ endpoint, region, credentials })
    const posts = ids.map(async (id) => {
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId: id, Data: frame }))
      } catch (error) {
        if (!(error instanceof GoneException)) throw error
      }
    })
    await Promise.all(posts)
  }
}

function floor(endpoint: string): Broadcast {
  const posts = new Floor(endpoint)
  return (ids, frame) => forEachConnection(ids, (id) => posts.post(id, frame))
}

export const ways = {
  ours: { name: 'this', open: ours },
  usedWell: { name: "the SDK's client, used well", open: usedWell },
  asInSamples: { name: "the SDK's client, as in samples", open: asInSamples },
  floor: { name: 'unsigned, the floor', open: floor },
} satisfies Record<string, { name: string; open: (endpoint: string) => Broadcast }>

export type Way = keyof typeof ways
export const wayNames = ['ours', 'usedWell', 'asInSamples', 'floor'] as const satisfies readonly Way[]
