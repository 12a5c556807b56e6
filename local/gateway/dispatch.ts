import { proxyResult } from '../lambda/proxy.ts'
import type { Route } from '../template/api.ts'
import { errorFrame, type Gateway, mintId, type OpenConnection } from './connections.ts'
import { messageEvent } from './events.ts'
import { messageLimit } from './limits.ts'
import { answerMock } from './mock.ts'
import { selectRoute } from './select-route.ts'

/** One frame, one invocation: the frames of a connection do not wait for each other. */
export async function dispatch(gateway: Gateway, connection: OpenConnection, body: string): Promise<void> {
  const route = selectRoute(gateway.api, body)
  if (!route) {
    reply(gateway, connection, errorFrame('Forbidden', connection.id, mintId()))
    return
  }
  const event = messageEvent(gateway, connection, route.key, body)
  const answer = await integrate(gateway, route, event, body)
  if (answer === undefined || Buffer.byteLength(answer) > messageLimit) {
    // The client sees it even where the route answers nothing: a failure stays on the application's channel.
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
  if (gateway.faults.strikes('twiceMessage')) void gateway.invoke(arn, event)
  return (await proxyResult(running, timeoutMs, gateway.clock))?.body
}

function reply(gateway: Gateway, connection: OpenConnection, frame: string): void {
  if (!gateway.connections.has(connection.id)) return
  connection.lastActiveAt = gateway.clock.now()
  connection.socket.send(frame)
}
