import { headerOf, identityOf, type SocketEvent, type SocketResult } from '../aws/socket-event.ts'
import { observed } from '../observe.ts'
import { openConnection } from '../open-connection.ts'
import type { Handler } from '../route.ts'

/** Nothing may be posted to a connection from its own `$connect`, so there is no greeting: `hello` is asked for. */
export const connect: Handler<'sessions' | 'people' | 'suspensions' | 'records'> = (app, event) => {
  const { connectionId, requestId } = event.requestContext
  return observed(app, { verb: '$connect', requestId, connectionId }, async (course) => {
    const { user } = identityOf(event, app.settings.adminGroup)
    course.user = user
    const { statusCode, outcome } = await openConnection(app, event, user)
    course.outcome = outcome
    if (statusCode !== 200) return { statusCode }
    app.metrics.count('Connections', 1)
    return { statusCode, ...chosenProtocol(event) }
  })
}

function chosenProtocol(event: SocketEvent): Pick<SocketResult, 'headers'> {
  const offered = headerOf(event, 'sec-websocket-protocol')?.split(',') ?? []
  const isKnown = offered.some((protocol) => protocol.trim() === 'chat.v1')
  return isKnown ? { headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } } : {}
}
