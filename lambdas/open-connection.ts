import { expiryOf } from '../protocol/limits.ts'
import type { App } from './app.ts'
import { identityOf, type SocketEvent } from './aws/socket-event.ts'
import { Refusal } from './domain/errors.ts'
import { saveProfile } from './domain/people/profiles.ts'
import { isInForce } from './domain/people/suspensions.ts'
import { recordAbout } from './domain/record/record.ts'
import { closeConnection } from './push/close-connection.ts'
import { closeSurplus } from './push/surplus.ts'
import { withinBudget } from './within-budget.ts'

type ConnectApp = App<'sessions' | 'people' | 'suspensions' | 'records'>

/**
 * The status with which the handshake ends: 403 for a suspended user, and 429 for one who asks for too much, before
 * anything is written.
 */
export async function openConnection(
  app: ConnectApp,
  event: SocketEvent,
  user: string,
): Promise<{ statusCode: number; outcome: string }> {
  if ((await app.budget.shutOutUntil(user)) > app.clock.now()) return { statusCode: 429, outcome: 'shut_out' }
  try {
    const outcome = await withinBudget(app, user, '$connect', () => open(app, event))
    return { statusCode: statusOf[outcome], outcome }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'rate_limited') return { statusCode: 429, outcome: error.code }
    throw error
  }
}

const statusOf = { ok: 200, suspended: 403, closed: 410 } as const

/** Any client may send a user agent of any length. */
const maxAgentCharacters = 512

/** Each user has a separate record for this. One record for all would be too busy when all users reconnect. */
async function recordAddress({ records, clock }: ConnectApp, event: SocketEvent, user: string): Promise<void> {
  const { connectionId, identity } = event.requestContext
  const agent = identity?.userAgent?.slice(0, maxAgentCharacters)
  const details = { user, connectionId, address: identity?.sourceIp ?? 'unknown', ...(agent && { agent }) }
  await records.add(recordAbout(user), { at: clock.now(), event: 'connected', by: user, details })
}

async function open(app: ConnectApp, event: SocketEvent): Promise<keyof typeof statusOf> {
  const { connectionId, connectedAt } = event.requestContext
  const { user, name, groups, exp } = identityOf(event, app.settings.adminGroup)
  if (app.settings.recordAddresses) await recordAddress(app, event, user)
  const [opened] = await Promise.all([
    app.sessions.open({ connectionId, user, name, groups: [...groups], connectedAt, ...expiryOf(connectedAt, exp) }),
    saveProfile(app.people, { user, name, groups: [...groups], seenAt: app.clock.now() }),
  ])
  if (!opened) return 'closed'
  // A connection that should have given way does so for the next one; the new one is let in either way.
  await closeSurplus(app, user, connectionId).catch((error: unknown) => app.note({ step: 'surplus' }, error))
  // Read last, after the connection was stored: a later `suspend` finds the connection.
  const suspension = await app.suspensions.find(user)
  if (!suspension || !isInForce(suspension, app.clock.now())) return 'ok'
  await closeConnection(app, connectionId)
  return 'suspended'
}
