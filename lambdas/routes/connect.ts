import type { App } from '../app.ts'
import { inLanes } from '../domain/lanes.ts'
import { remember } from '../domain/people.ts'
import { depart } from '../gateway/depart.ts'
import { headerOf, identityOf } from '../gateway/event.ts'
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
  const surplus = await app.sessions.surplusOf(user, limits.connectionsPerUser)
  await inLanes(surplus, (other) => giveWay(app, other))
  const offered = headerOf(event, 'sec-websocket-protocol')
    ?.split(',')
    .map((protocol) => protocol.trim())
  const chosen = offered?.includes('chat.v1') ? { headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } } : {}
  return { statusCode: 200, ...chosen }
}

/** One that is gone without its `$disconnect` ever having come is ended here, or it would be in the way for hours. */
async function giveWay(app: App, connectionId: string): Promise<void> {
  if ((await app.connections.close(connectionId)) === 'gone') await depart(app, connectionId)
}
