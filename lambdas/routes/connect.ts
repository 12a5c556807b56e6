import type { App } from '../app.ts'
import { inLanes } from '../domain/lanes.ts'
import { remember } from '../domain/people.ts'
import { depart } from '../gateway/depart.ts'
import { headerOf, identityOf, type SocketEvent } from '../gateway/event.ts'
import { goawayFrame } from '../gateway/goaway.ts'
import { lifeOf, limits } from '../protocol/limits.ts'
import { type Handler, note } from '../route.ts'

/** Nothing may be posted to a connection from its own `$connect`, so there is no greeting: `hello` is asked for. */
export const connect: Handler = async (app, event) => {
  const { connectionId, connectedAt, requestId } = event.requestContext
  const { user, name, groups, exp } = identityOf(event, app.settings.adminGroup)
  const [opened] = await Promise.all([
    app.sessions.open({ connectionId, user, name, groups: [...groups], connectedAt, ...lifeOf(connectedAt, exp) }),
    remember(app.people, { user, name, groups: [...groups], seenAt: app.pace.now() }),
  ])
  note(app, { route: '$connect', requestId, connectionId, outcome: opened ? 'ok' : 'closed' })
  if (!opened) return { statusCode: 410 }
  await makeWay(app, user, event.requestContext)
  const offered = headerOf(event, 'sec-websocket-protocol')
    ?.split(',')
    .map((protocol) => protocol.trim())
  const chosen = offered?.includes('chat.v1') ? { headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } } : {}
  return { statusCode: 200, ...chosen }
}

/** A failure here keeps nobody out: whoever should have given way does so for the next connection. */
async function makeWay(
  app: App,
  user: string,
  { connectionId, requestId }: SocketEvent['requestContext'],
): Promise<void> {
  try {
    const surplus = await app.sessions.surplusOf(user, limits.connectionsPerUser, connectionId)
    await inLanes(surplus, (other) => giveWay(app, other))
  } catch (error) {
    note(app, {
      level: 'error',
      route: '$connect',
      requestId,
      error: error instanceof Error ? error.name : typeof error,
    })
  }
}

/**
 * Without a word its client would come back at once, and the next one would have to go. One that is gone without its
 * `$disconnect` ever having come is ended here, or it would be in the way for hours. One whose own `$connect` is not
 * done yet looks gone as well; it hears why as soon as it joins a room.
 */
async function giveWay(app: App, connectionId: string): Promise<void> {
  const told = await app.connections.post(connectionId, goawayFrame('replaced')).catch(() => 'failed' as const)
  const closed = told === 'gone' ? told : await app.connections.close(connectionId)
  if (closed === 'gone') await depart(app, connectionId)
}
