import { answering } from '../answering.ts'
import { progress } from '../progress.ts'
import { CrowdMember } from './member.ts'
import type { CrowdWords } from './messages.ts'
import { Sights } from './receipts.ts'

/** Thousands of connections to one room, in a process of their own: plain sockets that count what arrives. */
const [url = ''] = process.argv.slice(2)
const origin = url.replace(/^ws/, 'http').replace(/\/[^/]*$/, '')

const patienceMs = 120_000

/** Who comes at the same time: a busy machine that is asked for more serves fewer. */
const atOnce = 12
const tries = 10

const members: CrowdMember[] = []
const sights = new Sights()
let roomId = ''

answering<CrowdWords>({
  async grow({ to }) {
    if (members.length === 0) await enter(0)
    let next = members.length
    const come = async () => {
      while (next < to) {
        const number = next++
        await enterAtLast(number)
        if (number % 1000 === 0) progress(`crowd: ${number} of ${to} are there`)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, come))
    return { roomId }
  },

  ids: ({ members: asked }) =>
    Promise.all(asked.map(async (number) => (await member(number).ask('hello')).connectionId as string)),

  async cut({ members: asked }) {
    for (const number of asked) member(number).socket.terminate()
    await member(0).ask('hello')
    return null
  },

  async say({ text, without = [] }) {
    const since = performance.now()
    const { message } = await member(0).ask('send', { roomId, text })
    const replyMs = performance.now() - since
    const awaited = listeners(without)
    await sights.reached(message.seq, awaited, patienceMs)
    return { replyMs, ...sights.times(message.seq, awaited, since), ...sights.tally(message.seq, awaited) }
  },

  tally: async ({ seq, without = [] }) => sights.tally(seq, listeners(without)),
})

/** A machine that cannot keep up refuses some, who come again. */
async function enterAtLast(number: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await enter(number)
      return
    } catch (error) {
      if (attempt === tries) throw error
      await new Promise((resolve) => setTimeout(resolve, 1000 * Math.random() * attempt))
    }
  }
}

async function enter(number: number): Promise<void> {
  const token = await (await fetch(`${origin}/token?${new URLSearchParams({ user: `crowd${number}` })}`)).text()
  const entering = await CrowdMember.open(url, token, (seq) => sights.see(seq, number))
  if (number === 0) {
    roomId = (await entering.ask('createRoom', { name: `Crowd ${process.pid}`, privacy: 'open' })).room.roomId
  }
  try {
    await entering.ask('join', { roomId })
  } catch (error) {
    entering.socket.terminate()
    throw error
  }
  members[number] = entering
}

function member(number: number): CrowdMember {
  const found = members[number]
  if (!found) throw new Error(`There is no member ${number}.`)
  return found
}

/** Everyone but the speaker who is there and not left out. */
function listeners(without: readonly number[]): number[] {
  const left = new Set([0, ...without])
  return [...members.keys()].filter((number) => !left.has(number) && member(number).isOpen)
}
