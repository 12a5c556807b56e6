import type { SocketEvent, SocketResult } from './aws/socket-event.ts'
import type { Handler } from './route.ts'
import { buildApp } from './start.ts'

/** A function's entry: the routes it answers, by route key. The app is built while the function starts. */
export function serve(routes: Record<string, Handler>): (event: SocketEvent) => Promise<SocketResult> {
  const app = buildApp()
  const table = new Map(Object.entries(routes))
  return async (event) => {
    const handler = table.get(event.requestContext.routeKey)
    if (!handler) throw new Error(`This function does not answer ${event.requestContext.routeKey}.`)
    return handler(app, event)
  }
}
