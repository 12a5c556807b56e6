import { once } from 'node:events'
import WebSocket from 'ws'
import { startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { joinedRoom } from '../members.ts'
import { startServer } from '../spawned.ts'
import type { Room } from './exchange.ts'
import { chatSpeech, socketIoSpeech } from './speech.ts'

/** A server in a process of its own, whatever processes that has. */
export interface Contender {
  name: string
  pid: number
  /** A room of so many sockets. */
  room(size: number): Promise<Room>
  stop(): Promise<unknown>
}

export const bareName = 'bare `ws` broadcast'
export const logName = 'Socket.IO, durable log'
export const ownName = 'this project, local run'

/** The limit first, each of the others as a multiple of it. */
export const contenders: readonly (() => Promise<Contender>)[] = [
  startBare,
  () => startSocketIo('Socket.IO, in memory'),
  () => startSocketIo(logName, 'log'),
  startOwn,
]

async function startBare(): Promise<Contender> {
  const { url, pid, stop } = await startServer('side-by-side/broadcast-server.ts')
  const room = async (size: number): Promise<Room> => {
    const roomId = `room-of-${size}`
    return { roomId, head: 0, speech: chatSpeech, sockets: await each(size, () => open(`${url}/${roomId}`)) }
  }
  return { name: bareName, pid, room, stop }
}

async function startSocketIo(name: string, ...words: string[]): Promise<Contender> {
  const { url, pid, stop } = await startServer('side-by-side/socket-io-server.ts', ...words)
  const room = async (size: number): Promise<Room> => {
    const roomId = `room-of-${size}`
    return {
      roomId,
      head: 0,
      speech: socketIoSpeech,
      sockets: await each(size, (at) => enter(url, roomId, `user${at}`)),
    }
  }
  return { name, pid, room, stop }
}

async function startOwn(): Promise<Contender> {
  const run = await startLocalRun()
  const room = async (size: number): Promise<Room> => {
    const { roomId, members } = await joinedRoom(run, size)
    return {
      roomId,
      head: 0,
      speech: chatSpeech,
      sockets: members.map(({ socket }) => socket.removeAllListeners('message')),
    }
  }
  return { name: ownName, pid: run.pid, room, stop: run.stop }
}

/** A session of Socket.IO on a plain socket: it opens, says who it is, joins, and answers when it is asked whether it lives. */
async function enter(url: string, roomId: string, user: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`)
  const frames = ['0{', '40{', '430[{"ok":true']
  const said = [`40${JSON.stringify({ user })}`, `420${JSON.stringify(['join', { roomId, after: 0 }])}`]
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.on('message', (data) => {
      const text = String(data)
      if (text === '2') return socket.send('3')
      const awaited = frames[0]
      if (awaited === undefined) return
      if (!text.startsWith(awaited)) return reject(new Error(`Socket.IO said ${text} instead of ${awaited}`))
      frames.shift()
      const next = said.shift()
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
