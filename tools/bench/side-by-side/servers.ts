import { once } from 'node:events'
import WebSocket from 'ws'
import { startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { joinedRoom } from '../members.ts'
import { startServer } from '../spawned.ts'
import type { Room } from './exchange.ts'
import { chatFormat, socketIoFormat } from './format.ts'

/** A server in its own process, with its descendants. */
export interface StartedServer {
  name: string
  pid: number
  /** Creates a room of `size` sockets. */
  room(size: number): Promise<Room>
  stop(): Promise<unknown>
}

export const bareName = 'bare `ws` broadcast'
export const logName = 'Socket.IO, durable log'
export const ownName = 'this project, local run'

/** The first server is the limit; the figures of the others are also given as multiples of it. */
export const servers: readonly (() => Promise<StartedServer>)[] = [
  startBare,
  () => startSocketIo('Socket.IO, in memory'),
  () => startSocketIo(logName, 'log'),
  startOwn,
]

async function startBare(): Promise<StartedServer> {
  const { url, pid, stop } = await startServer('side-by-side/broadcast-server.ts')
  const room = async (size: number): Promise<Room> => {
    const roomId = `room-of-${size}`
    return { roomId, head: 0, format: chatFormat, sockets: await each(size, () => open(`${url}/${roomId}`)) }
  }
  return { name: bareName, pid, room, stop }
}

async function startSocketIo(name: string, ...words: string[]): Promise<StartedServer> {
  const { url, pid, stop } = await startServer('side-by-side/socket-io-server.ts', ...words)
  const room = async (size: number): Promise<Room> => {
    const roomId = `room-of-${size}`
    return {
      roomId,
      head: 0,
      format: socketIoFormat,
      sockets: await each(size, (at) => enter(url, roomId, `user${at}`)),
    }
  }
  return { name, pid, room, stop }
}

async function startOwn(): Promise<StartedServer> {
  const run = await startLocalRun()
  const room = async (size: number): Promise<Room> => {
    const { roomId, members } = await joinedRoom(run, size)
    return {
      roomId,
      head: 0,
      format: chatFormat,
      sockets: members.map(({ socket }) => socket.removeAllListeners('message')),
    }
  }
  return { name: ownName, pid: run.pid, room, stop: run.stop }
}

/** A Socket.IO session on a plain socket: opens, authenticates, joins, and answers pings. */
async function enter(url: string, roomId: string, user: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`)
  const expectedFrames = ['0{', '40{', '430[{"ok":true']
  const requests = [`40${JSON.stringify({ user })}`, `420${JSON.stringify(['join', { roomId, after: 0 }])}`]
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.on('message', (data) => {
      const text = String(data)
      if (text === '2') return socket.send('3')
      const expected = expectedFrames[0]
      if (expected === undefined) return
      if (!text.startsWith(expected)) return reject(new Error(`Socket.IO sent ${text} instead of ${expected}`))
      expectedFrames.shift()
      const next = requests.shift()
      if (next === undefined) resolve()
      else socket.send(next)
    })
  })
  return socket
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  return socket
}

const each = <Result>(count: number, make: (at: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)))
