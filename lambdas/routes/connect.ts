import { expiryOf } from '../../protocol/limits.ts'
import { headerOf, identityOf } from '../aws/socket-event.ts'
import { saveProfile } from '../domain/people/profiles.ts'
import { closeSurplus } from '../push/surplus.ts'
import { type Handler, writeLog } from '../route.ts'

/**
 * Opens a connection. There is no greeting, because frames cannot be posted to a connection during its `$connect`.
 * Clients send `hello` instead.
 */
export const connect: Handler<'sessions' | 'people'> = async (app, event) => {
  const { connectionId, connectedAt, requestId } = event.requestContext
  const { user, name, groups, exp } = identityOf(event, app.settings.adminGroup)
  const [opened] = await Promise.all([
    app.sessions.open({ connectionId, user, name, groups: [...groups], connectedAt, ...expiryOf(connectedAt, exp) }),
    saveProfile(app.people, { user, name, groups: [...groups], seenAt: app.clock.now() }),
  ])
  writeLog(app, { route: '$connect', requestId, connectionId, outcome: opened ? 'ok' : 'closed' })
  if (!opened) return { statusCode: 410 }
  // If an old connection cannot be closed now, the next `$connect` closes it. The new connection is allowed in both
  // cases.
  await closeSurplus(app, user, connectionId).catch((error: unknown) => {
    writeLog(app, {
      level: 'error',
      route: '$connect',
      requestId,
      error: error instanceof Error ? error.name : typeof error,
    })
  })
  const offered = headerOf(event, 'sec-websocket-protocol')
    ?.split(',')
    .map((protocol) => protocol.trim())
  const protocolHeader = offered?.includes('chat.v1') ? { headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } } : {}
  return { statusCode: 200, ...protocolHeader }
}
