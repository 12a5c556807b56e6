import { env } from '../bindings.ts'
import { systemClock } from '../clock.ts'
import { admit, type Handshake, type HandshakePorts } from '../handshake.ts'
import { listIn, sourcesFrom } from '../tokens/source.ts'
import { tokenVerifier } from '../tokens/verifier.ts'

/** Most handshakes need no store, and a client of DynamoDB takes long to load. */
const stores = () => import('../late-stores.ts')

const sources = sourcesFrom(process.env)

const ports: HandshakePorts = {
  sources,
  verify: tokenVerifier(sources),
  origins: listIn(process.env[env.allowedOrigins]),
  adminGroup: process.env[env.adminGroup] ?? '',
  guests: listIn(process.env[env.guests]),
  namedAmong: async (groups) => (await stores()).groups.among(groups),
  admitsGuest: async (network) => (await stores()).guests.admits(network),
  now: systemClock.now,
  report: (fields) => console.log(JSON.stringify(fields)),
}

export const handler = (event: Handshake) => admit(ports, event)
