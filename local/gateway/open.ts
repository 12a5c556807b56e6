import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Connection, Gateway, OpenConnection } from './connections.ts'
import { dispatch } from './dispatch.ts'
import { disconnectEvent } from './events.ts'
import { ageMs, idleMs, watchFrames } from './limits.ts'

/** From the moment the handshake is answered: frames come in, limits run, and one `$disconnect` follows the end. */
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
    farewell(gateway, connection, code, reason)
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
  // The library has closed the socket by then, with the code that fits: 1009 for a message over the limit.
  socket.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') finish(1009, 'Message too big')
  })
  socket.on('close', (code, reason) => finish(code, reason.toString()))
}

/** `$disconnect` is best effort: what it answers, and whether it answers, changes nothing. */
export function farewell(gateway: Gateway, connection: Connection, code: number, reason: string): void {
  const integration = gateway.api.routes.get('$disconnect')?.integration
  if (integration?.kind !== 'function' || gateway.faults.strikes('dropDisconnect')) return
  const event = disconnectEvent(gateway, connection, code, reason)
  const times = gateway.faults.strikes('twiceDisconnect') ? 2 : 1
  for (let time = 0; time < times; time++) {
    const running = gateway
      .invoke(integration.arn, event)
      .then(() => {})
      .catch((error) => gateway.log(`gateway: ${error}`))
      .finally(() => gateway.farewells.delete(running))
    gateway.farewells.add(running)
  }
}
