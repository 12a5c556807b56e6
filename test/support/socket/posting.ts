import type { TlsOptions } from 'node:tls'
import type { Credentials } from '../../../lambdas/aws/credentials.ts'
import { type PostClientOptions, postClient } from '../../../lambdas/aws/post-to-connection.ts'
import { type Behaviour, type RawServer, startRawServer } from './raw-server.ts'

const servers: RawServer[] = []

/** Call this after each test. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) await server.close()
}

export const credentials: Credentials = { accessKeyId: 'first', secretAccessKey: 'secret', sessionToken: 'token' }

/** Starts a server and makes a poster that posts to it. */
export async function posterTo(behaviour: Behaviour, options: Partial<PostClientOptions> = {}) {
  const server = await serverFor(behaviour)
  return { server, post: posterAt(`http://127.0.0.1:${server.port}/chat`, options) }
}

export async function serverFor(behaviour: Behaviour, tls?: TlsOptions): Promise<RawServer> {
  const server = await startRawServer(behaviour, tls)
  servers.push(server)
  return server
}

export const posterAt = (endpoint: string, options: Partial<PostClientOptions> = {}) =>
  postClient({
    endpoint,
    region: 'us-east-1',
    credentials: async () => credentials,
    now: Date.now,
    deadlineMs: 1500,
    ...options,
  })
