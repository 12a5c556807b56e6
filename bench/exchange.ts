import { once } from 'node:events'
import type { WebSocket } from 'ws'
import { textOf } from './members.ts'
import { atRate } from './rate.ts'

/** A room full of sockets that all receive what any one of them sends. */
export interface Room {
  roomId: string
  sockets: readonly WebSocket[]
}

/** Milliseconds from a send: to its reply, and to each time that somebody else saw it. */
export interface Latencies {
  reply: number[]
  seen: number[]
  /** Messages that were refused or never answered, and sights of stored ones that never came. */
  missing: number
}

interface Frame {
  id?: string
  ok?: boolean
  type?: string
  text?: string
}

const senders = 5
const patienceMs = 15_000

/** Sends at the rate from several sockets in turn and listens on all. */
export async function exchange(room: Room, perSecond: number, count: number): Promise<Latencies> {
  const sentAt: number[] = []
  const [reply, seen]: [number[], number[]] = [[], []]
  let answered = 0
  const finished = new EventTarget()
  const receive = (data: unknown) => {
    const now = performance.now()
    const frame: Frame = JSON.parse(String(data))
    const number = Number.parseInt(frame.id ?? frame.text ?? '', 10)
    const elapsed = now - (sentAt[number] ?? Number.NaN)
    if (frame.type === 'message') seen.push(elapsed)
    else if (frame.id !== undefined) {
      answered++
      if (frame.ok) reply.push(elapsed)
    }
    if (answered === count && seen.length === expected()) finished.dispatchEvent(new Event('finished'))
  }
  const expected = () => reply.length * (room.sockets.length - 1)
  for (const socket of room.sockets) socket.on('message', receive)
  const all = once(finished, 'finished')
  await atRate(perSecond, count, async (number) => {
    sentAt[number] = performance.now()
    const frame = { action: 'send', id: String(number), roomId: room.roomId, text: textOf(number) }
    room.sockets[number % senders]?.send(JSON.stringify(frame))
  })
  let timer: NodeJS.Timeout | undefined
  await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)))])
  clearTimeout(timer)
  for (const socket of room.sockets) socket.off('message', receive)
  return { reply, seen, missing: count - reply.length + expected() - seen.length }
}
