import { headerOf, identityOf, type SocketEvent, type SocketResult } from '../aws/socket-event.ts'
import { openConnection } from '../open-connection.ts'
import type { Handler } from '../route.ts'
import { writeLog } from '../write-log.ts'

/** Nothing may be posted to a connection from its own `$connect`, so there is no greeting: `hello` is asked for. */
export const connect: Handler<'sessions' | 'people' | 'suspensions' | 'records'> = async (app, event) => {
  const { connectionId, requestId } = event.requestContext
  const { user } = identityOf(event, app.settings.adminGroup)
  const { statusCode, outcome } = await openConnection(app, event, user)
  writeLog(app, { route: '$connect', requestId, connectionId, outcome })
  return statusCode === 200 ? { statusCode, ...chosenProtocol(event) } : { statusCode }
}

function chosenProtocol(event: SocketEvent): Pick<SocketResult, 'headers'> {
  const offered = headerOf(event, 'sec-websocket-protocol')?.split(',') ?? []
  const isKnown = offered.some((protocol) => protocol.trim() === 'chat.v1')
  return isKnown ? { headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } } : {}
}
