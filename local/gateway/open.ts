import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Connection, Gateway, OpenConnection } from './connections.ts'
import { dispatch } from './dispatch.ts'
import { disconnectEvent } from './events.ts'
import { ageMs, idleMs, watchFrames } from './limits.ts'

/** Runs an open connection: dispatches its frames, applies the limits and invokes `$disconnect` once at its end. */
export function open(gateway: Gateway, pending: Connection, socket: WebSocket, stream: Socket): void {
  const { clock, connections } = gateway
  let cancelIdle = () => {}
  const connection: OpenConnection = Object.assign(pending, {
    socket,
    end(code: number, reason: string) {
      finish(code, reason)
      socket.close(code, reason)
    },
  })
  const cancelAge = clock.after(ageMs, () => connection.end(1001, 'Going away'))
  const watchIdle = (ms: number) => {
    cancelIdle = clock.after(ms, () => {
      const left = connection.lastActiveAt + idleMs - clock.now()
      if (left > 0) watchIdle(left)
      else connection.end(1001, 'Going away')
    })
  }
  watchIdle(idleMs)

  function finish(code: number, reason: string): void {
    if (!connections.delete(connection.id)) return
    cancelAge()
    cancelIdle()
    invokeDisconnect(gateway, connection, code, reason)
  }

  connections.set(connection.id, connection)
  watchFrames(stream, () => connection.end(1009, 'Message too big'))
  socket.on('message', (data, isBinary) => {
    if (!connections.has(connection.id)) return
    if (isBinary) {
      connection.end(1003, 'Binary messages are not supported')
      return
    }
    connection.lastActiveAt = clock.now()
    dispatch(gateway, connection, data.toString()).catch((error) => gateway.log(`gateway: ${error}`))
  })
  // The library has already closed the socket with 1009.
  socket.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') finish(1009, 'Message too big')
  })
  socket.on('close', (code, reason) => finish(code, reason.toString()))
}

/** Invokes `$disconnect` and ignores its result. */
export function invokeDisconnect(gateway: Gateway, connection: Connection, code: number, reason: string): void {
  const integration = gateway.api.routes.get('$disconnect')?.integration
  if (integration?.kind !== 'function' || gateway.faults.happens('dropDisconnect')) return
  const event = disconnectEvent(gateway, connection, code, reason)
  const times = gateway.faults.happens('twiceDisconnect') ? 2 : 1
  for (let time = 0; time < times; time++) {
    const running = gateway
      .invoke(integration.arn, event)
      .then(({ error }) => {
        if (error) gateway.platform.integrationError()
      })
      .catch((error) => gateway.log(`gateway: ${error}`))
      .finally(() => gateway.runningDisconnects.delete(running))
    gateway.runningDisconnects.add(running)
  }
}
