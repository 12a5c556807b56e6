import { answering } from '../answering.ts'
import { progress } from '../progress.ts'
import { cables, StormClient } from './client.ts'
import type { StormWords } from './messages.ts'

/** Thousands of the SDK's clients in a process of their own. */
const [url = ''] = process.argv.slice(2)
const origin = url.replace(/^ws/, 'http').replace(/\/[^/]*$/, '')

const clients: StormClient[] = []
const atOnce = 12

answering<StormWords>({
  async come({ count, rooms }) {
    let next = 0
    const come = async () => {
      while (next < count) {
        const number = next++
        const token = await (await fetch(`${origin}/token?${new URLSearchParams({ user: `storm${number}` })}`)).text()
        const client = new StormClient(url, token, rooms[number % rooms.length] ?? '')
        await client.come()
        clients.push(client)
        if (clients.length % 1000 === 0) progress(`storm: ${clients.length} of ${count} are there`)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, come))
    return null
  },

  async cut() {
    const [since, before] = [performance.now(), cables.handshakes]
    const back: number[] = []
    const all = clients.map(async (client) => {
      await client.back()
      back.push(performance.now() - since)
      if (back.length % 1000 === 0) progress(`storm: ${back.length} of ${clients.length} are back`)
    })
    cables.cutAll()
    await Promise.all(all)
    return { back, handshakes: cables.handshakes - before }
  },

  async complete({ heads }) {
    await Promise.all(clients.map((client) => client.reached(heads[client.roomId] ?? 0)))
    const flawed = clients.filter((client) => client.flawed).length
    return { complete: clients.length, flawed }
  },
})
