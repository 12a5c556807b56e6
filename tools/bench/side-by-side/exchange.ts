import { once } from 'node:events'
import type { WebSocket } from 'ws'
import { evenly } from '../rate.ts'
import type { WireFormat } from './format.ts'

/** A room whose sockets receive each other's messages. */
export interface Room {
  roomId: string
  sockets: readonly WebSocket[]
  format: WireFormat
  /** The last position that a socket has received. */
  head: number
}

export interface Exchange {
  senders: number
  perSecond: number
  count: number
}

/** Milliseconds from a send to its reply, and to each receipt by another member. */
export interface Latencies {
  reply: number[]
  seen: number[]
  /** Messages that were refused or got no reply, and missing receipts of stored ones. */
  missing: number
  /** Repeated receipts. */
  twice: number
}

const timeoutMs = 15_000

/** Each message has its own number, so that late frames are not mistaken for later messages. */
let nextNumber = 0

/** The length of the texts in bytes. */
const length = 200
const textOf = (number: number) => `${number} `.padEnd(length, 'all work and no play ')

/** Sends at a rate from several sockets in turn, and receives on all sockets. */
export async function exchange(room: Room, load: Exchange): Promise<Latencies> {
  const { roomId, sockets, format } = room
  const first = nextNumber
  nextNumber += load.count
  const sentAt: number[] = []
  const found: Latencies = { reply: [], seen: [], missing: 0, twice: 0 }
  const receipts = new Set<string>()
  let answered = 0
  const finished = new EventTarget()
  const expected = () => found.reply.length * (sockets.length - 1)
  const receive = (member: number, data: string) => {
    const now = performance.now()
    const frame = format.decode(data)
    const startedAt = sentAt[(frame?.number ?? Number.NaN) - first]
    if (!frame || startedAt === undefined) return
    room.head = Math.max(room.head, frame.seq)
    if (frame.kind === 'seen') {
      const receipt = `${frame.number} ${member}`
      if (receipts.has(receipt)) found.twice++
      else found.seen.push(now - startedAt)
      receipts.add(receipt)
    } else {
      answered++
      if (frame.ok) found.reply.push(now - startedAt)
    }
    if (answered === load.count && found.seen.length === expected()) finished.dispatchEvent(new Event('finished'))
  }
  const listeners = sockets.map((_, member) => (data: unknown) => receive(member, String(data)))
  for (const [at, listener] of listeners.entries()) sockets[at]?.on('message', listener)
  const all = once(finished, 'finished')
  await evenly(load.perSecond, load.count, async (at) => {
    const number = first + at
    sentAt[at] = performance.now()
    const draft = { roomId, text: textOf(number), clientMessageId: `bench-${number}`, after: room.head }
    sockets[at % load.senders]?.send(format.encode(number, draft))
  })
  let timer: NodeJS.Timeout | undefined
  await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)))])
  clearTimeout(timer)
  for (const [at, listener] of listeners.entries()) sockets[at]?.off('message', listener)
  return { ...found, missing: load.count - found.reply.length + expected() - found.seen.length }
}
