import type { TlsOptions } from 'node:tls'
import type { Credentials } from '../../../lambdas/aws/credentials.ts'
import { type PostClientOptions, postClient } from '../../../lambdas/aws/post-to-connection.ts'
import { type Behaviour, type Peer, startPeer } from './raw-peer.ts'

const peers: Peer[] = []

/** After each test. */
export async function closePeers(): Promise<void> {
  for (const peer of peers.splice(0)) await peer.close()
}

export const credentials: Credentials = { accessKeyId: 'first', secretAccessKey: 'secret', sessionToken: 'token' }

/** A poster and the peer that it posts to. */
export async function posterTo(behaviour: Behaviour, options: Partial<PostClientOptions> = {}) {
  const peer = await peerFor(behaviour)
  return { peer, post: posterAt(`http://127.0.0.1:${peer.port}/chat`, options) }
}

export async function peerFor(behaviour: Behaviour, tls?: TlsOptions): Promise<Peer> {
  const peer = await startPeer(behaviour, tls)
  peers.push(peer)
  return peer
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
