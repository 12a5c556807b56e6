import { once } from 'node:events'
import type { WebSocket } from 'ws'
import { evenly } from '../rate.ts'
import type { Speech } from './speech.ts'

/** A room full of sockets that all receive what any one of them sends. */
export interface Room {
  roomId: string
  sockets: readonly WebSocket[]
  speech: Speech
  /** The last position that its people have heard of. */
  head: number
}

export interface Exchange {
  senders: number
  perSecond: number
  count: number
}

/** Milliseconds from a send: to its reply, and to each time that somebody else saw it. */
export interface Latencies {
  reply: number[]
  seen: number[]
  /** Messages that were refused or never answered, and sights of stored ones that never came. */
  missing: number
  /** Sights that came once more. */
  twice: number
}

const patienceMs = 15_000

/** Never used again, so that nothing is taken for a later message. */
let numbered = 0

/** The length of the texts that are sent, in bytes. */
const length = 200
const textOf = (number: number) => `${number} `.padEnd(length, 'all work and no play ')

/** Sends at the rate from several sockets in turn and listens on all. */
export async function exchange(room: Room, pace: Exchange): Promise<Latencies> {
  const { roomId, sockets, speech } = room
  const first = numbered
  numbered += pace.count
  const sentAt: number[] = []
  const found: Latencies = { reply: [], seen: [], missing: 0, twice: 0 }
  const sights = new Set<string>()
  let answered = 0
  const finished = new EventTarget()
  const expected = () => found.reply.length * (sockets.length - 1)
  const receive = (member: number, data: string) => {
    const now = performance.now()
    const heard = speech.hear(data)
    const begun = sentAt[(heard?.number ?? Number.NaN) - first]
    if (!heard || begun === undefined) return
    room.head = Math.max(room.head, heard.seq)
    if (heard.kind === 'seen') {
      const sight = `${heard.number} ${member}`
      if (sights.has(sight)) found.twice++
      else found.seen.push(now - begun)
      sights.add(sight)
    } else {
      answered++
      if (heard.ok) found.reply.push(now - begun)
    }
    if (answered === pace.count && found.seen.length === expected()) finished.dispatchEvent(new Event('finished'))
  }
  const listeners = sockets.map((_, member) => (data: unknown) => receive(member, String(data)))
  for (const [at, listener] of listeners.entries()) sockets[at]?.on('message', listener)
  const all = once(finished, 'finished')
  await evenly(pace.perSecond, pace.count, async (at) => {
    const number = first + at
    sentAt[at] = performance.now()
    const draft = { roomId, text: textOf(number), clientMessageId: `bench-${number}`, after: room.head }
    sockets[at % pace.senders]?.send(speech.say(number, draft))
  })
  let timer: NodeJS.Timeout | undefined
  await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)))])
  clearTimeout(timer)
  for (const [at, listener] of listeners.entries()) sockets[at]?.off('message', listener)
  return { ...found, missing: pace.count - found.reply.length + expected() - found.seen.length }
}
