import { progress } from '../progress.ts'
import { serveParent } from '../requests.ts'
import { CrowdMember } from './member.ts'
import type { CrowdRequests } from './messages.ts'
import { ReceiptLog } from './receipts.ts'

/** Thousands of connections to one room, in their own process: plain sockets that record the receipts. */
const [url = ''] = process.argv.slice(2)
const origin = url.replace(/^ws/, 'http').replace(/\/[^/]*$/, '')

const timeoutMs = 120_000

/** Joins at the same time; with more of them a busy machine serves fewer. */
const concurrency = 12
const tries = 10

const members: CrowdMember[] = []
const receipts = new ReceiptLog()
let roomId = ''

serveParent<CrowdRequests>({
  async grow({ to }) {
    if (members.length === 0) await addMember(0)
    let next = members.length
    const join = async () => {
      while (next < to) {
        const number = next++
        await addMemberWithRetries(number)
        if (number % 1000 === 0) progress(`crowd: ${number} of ${to} are joined`)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, join))
    return { roomId }
  },

  ids: ({ members: asked }) =>
    Promise.all(asked.map(async (number) => (await member(number).ask('hello')).connectionId as string)),

  async cut({ members: asked }) {
    for (const number of asked) member(number).socket.terminate()
    await member(0).ask('hello')
    return null
  },

  async send({ text, without = [] }) {
    const since = performance.now()
    const { message } = await member(0).ask('send', { roomId, text })
    const replyMs = performance.now() - since
    const expected = listeners(without)
    await receipts.waitFor(message.seq, expected, timeoutMs)
    return { replyMs, ...receipts.times(message.seq, expected, since), ...receipts.counts(message.seq, expected) }
  },

  counts: async ({ seq, without = [] }) => receipts.counts(seq, listeners(without)),
})

/** A busy machine refuses some connections, so a refused one is tried again. */
async function addMemberWithRetries(number: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await addMember(number)
      return
    } catch (error) {
      if (attempt === tries) throw error
      await new Promise((resolve) => setTimeout(resolve, 1000 * Math.random() * attempt))
    }
  }
}

async function addMember(number: number): Promise<void> {
  const token = await (await fetch(`${origin}/token?${new URLSearchParams({ user: `crowd${number}` })}`)).text()
  const added = await CrowdMember.open(url, token, (seq) => receipts.add(seq, number))
  if (number === 0) {
    roomId = (await added.ask('createRoom', { name: `Crowd ${process.pid}`, privacy: 'open' })).room.roomId
  }
  try {
    await added.ask('join', { roomId })
  } catch (error) {
    added.socket.terminate()
    throw error
  }
  members[number] = added
}

function member(number: number): CrowdMember {
  const found = members[number]
  if (!found) throw new Error(`There is no member ${number}.`)
  return found
}

/** All connected members except the sender and those of `without`. */
function listeners(without: readonly number[]): number[] {
  const excluded = new Set([0, ...without])
  return [...members.keys()].filter((number) => !excluded.has(number) && member(number).isOpen)
}
