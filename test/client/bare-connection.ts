import type { StateChange } from '../../client/connection-state.ts'
import type { OpenerOptions } from '../../client/opener.ts'
import { ReconnectingSocket, type ReconnectingSocketEvents } from '../../client/reconnecting-socket.ts'
import type { Socket } from '../../client/socket.ts'
import { BareSocket } from './bare-socket.ts'
import { ManualClock, settled } from './manual-clock.ts'

/** The waits of `aConnection`, whose chance is 0.5. */
export const heartbeatMs = 276_000
export const rotationMs = 102.5 * 60_000

/** A connection over sockets whose events a test raises, with what it has told. */
export function aConnection(more: Partial<ReconnectingSocketEvents> & Partial<OpenerOptions> & { draw?: number } = {}) {
  const [clock, sockets] = [new ManualClock(), [] as BareSocket[]]
  const [states, told, beats] = [[] as StateChange[], [] as unknown[][], [] as unknown[][]]
  class Recorded extends BareSocket {
    constructor() {
      super()
      sockets.push(this)
    }
  }
  const { moving, heartbeat, draw = 0.5, ...options } = more
  const connection = new ReconnectingSocket(
    {
      url: 'wss://here',
      token: () => 'e30.e30.e30',
      webSocket: Recorded,
      clock,
      random: () => draw,
      timeoutMs: 15_000,
      isReachable: async () => false,
      ...options,
    },
    {
      state: (change) => states.push(change),
      moving: moving ?? (async (socket) => void told.push(['moving', socket])),
      moved: (socket) => told.push(['moved', socket]),
      push: (push) => told.push(['push', push]),
      lost: (socket) => told.push(['lost', socket]),
      heartbeat: (...beat) => {
        beats.push(beat)
        return heartbeat?.(...beat) ?? Promise.resolve()
      },
    },
  )
  /** Opens the newest WebSocket. */
  const open = async () => {
    await settled()
    sockets.at(-1)?.raise('open')
    await settled()
  }
  const connect = async () => {
    const connecting = connection.connect()
    connecting.catch(() => undefined)
    await open()
    return connection.current as Socket
  }
  return { connection, clock, sockets, states, told, beats, open, connect }
}

/** An error of a connection with this code and these words. */
export const failure = (code: string, message = '') =>
  expect.objectContaining({ name: 'ConnectionError', code, message: expect.stringContaining(message) })
