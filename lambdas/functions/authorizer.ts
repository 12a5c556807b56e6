import { env } from '../bindings.ts'
import { systemClock } from '../clock.ts'
import { Meter } from '../domain/budget/meter.ts'
import { admit, type Handshake, type HandshakePorts } from '../handshake.ts'
import type { lateStores } from '../late-stores.ts'
import { requestLog } from '../request-log.ts'
import { listIn, sourcesFrom } from '../tokens/source.ts'
import { tokenVerifier } from '../tokens/verifier.ts'

const meter = new Meter()
const log = requestLog(systemClock.now)
let late: Promise<ReturnType<typeof lateStores>> | undefined

/** Most handshakes need no store, and a client of DynamoDB takes long to load. */
function stores() {
  late ??= import('../late-stores.ts').then((module) => module.lateStores(meter))
  return late
}

const sources = sourcesFrom(process.env)

const ports: HandshakePorts = {
  sources,
  verify: tokenVerifier(sources),
  origins: listIn(process.env[env.allowedOrigins]),
  adminGroup: process.env[env.adminGroup] ?? '',
  guests: listIn(process.env[env.guests]),
  namedAmong: async (groups) => (await stores()).groups.among(groups),
  admitsGuest: async (network) => (await stores()).guests.admits(network),
  clock: systemClock,
  meter,
  metrics: log,
  report: (line, error) => log.report(line, error),
}

export const handler = (event: Handshake) => admit(ports, event)
