import { expiryOf } from '../../protocol/limits.ts'
import { headerOf, identityOf } from '../aws/socket-event.ts'
import { saveProfile } from '../domain/people/profiles.ts'
import { closeSurplus } from '../push/surplus.ts'
import { type Handler, writeLog } from '../route.ts'

/** Nothing may be posted to a connection from its own `$connect`, so there is no greeting: `hello` is asked for. */
export const connect: Handler<'sessions' | 'people'> = async (app, event) => {
  const { connectionId, connectedAt, requestId } = event.requestContext
  const { user, name, groups, exp } = identityOf(event, app.settings.adminGroup)
  const [opened] = await Promise.all([
    app.sessions.open({ connectionId, user, name, groups: [...groups], connectedAt, ...expiryOf(connectedAt, exp) }),
    saveProfile(app.people, { user, name, groups: [...groups], seenAt: app.clock.now() }),
  ])
  writeLog(app, { route: '$connect', requestId, connectionId, outcome: opened ? 'ok' : 'closed' })
  if (!opened) return { statusCode: 410 }
  // A connection that should have given way does so for the next one; the new one is let in either way.
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
  const chosen = offered?.includes('chat.v1') ? { headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } } : {}
  return { statusCode: 200, ...chosen }
}
