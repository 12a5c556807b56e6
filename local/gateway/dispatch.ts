import { proxyResult } from '../lambda/proxy.ts'
import type { Route } from '../template/api.ts'
import { errorFrame, type Gateway, newId, type OpenConnection } from './connections.ts'
import { messageEvent } from './events.ts'
import { messageLimit } from './limits.ts'
import { answerMock } from './mock.ts'
import { selectRoute } from './select-route.ts'

/** Handles one frame. Frames of the same connection do not wait for each other. */
export async function dispatch(gateway: Gateway, connection: OpenConnection, body: string): Promise<void> {
  gateway.platform.message()
  const route = selectRoute(gateway.api, body)
  if (!route) {
    gateway.platform.clientError()
    reply(gateway, connection, errorFrame('Forbidden', connection.id, newId()))
    return
  }
  const event = messageEvent(gateway, connection, route.key, body)
  const answer = await integrate(gateway, route, event, body)
  if (answer === undefined) gateway.platform.integrationError()
  if (answer === undefined || Buffer.byteLength(answer) > messageLimit) {
    // As on API Gateway, the client gets this frame even on a route without a response.
    reply(gateway, connection, errorFrame('Internal server error', connection.id, event.requestContext.requestId))
  } else if (route.twoWay && answer !== '') {
    reply(gateway, connection, answer)
  }
}

async function integrate(
  gateway: Gateway,
  { integration }: Route,
  event: ReturnType<typeof messageEvent>,
  body: string,
): Promise<string | undefined> {
  if (integration.kind === 'mock') return answerMock(integration, body, event.requestContext)
  const { arn, timeoutMs } = integration
  const running = gateway.invoke(arn, event)
  if (gateway.faults.happens('twiceMessage')) void gateway.invoke(arn, event)
  return (await proxyResult(running, timeoutMs, gateway.clock))?.body
}

function reply(gateway: Gateway, connection: OpenConnection, frame: string): void {
  if (!gateway.connections.has(connection.id)) return
  connection.lastActiveAt = gateway.clock.now()
  gateway.platform.message()
  connection.socket.send(frame)
}
