import { progress } from '../progress.ts'
import { serveParent } from '../requests.ts'
import { StormClient, sockets } from './client.ts'
import type { StormRequests } from './messages.ts'

/** Thousands of clients of the SDK in their own process. */
const [url = ''] = process.argv.slice(2)
const origin = url.replace(/^ws/, 'http').replace(/\/[^/]*$/, '')

const clients: StormClient[] = []
const concurrency = 12

serveParent<StormRequests>({
  async join({ count, rooms }) {
    let next = 0
    const join = async () => {
      while (next < count) {
        const number = next++
        const token = await (await fetch(`${origin}/token?${new URLSearchParams({ user: `storm${number}` })}`)).text()
        const client = new StormClient(url, token, rooms[number % rooms.length] ?? '')
        await client.join()
        clients.push(client)
        if (clients.length % 1000 === 0) progress(`storm: ${clients.length} of ${count} are joined`)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, join))
    return null
  },

  async cut() {
    const [since, before] = [performance.now(), sockets.handshakes]
    const back: number[] = []
    const all = clients.map(async (client) => {
      await client.rejoined()
      back.push(performance.now() - since)
      if (back.length % 1000 === 0) progress(`storm: ${back.length} of ${clients.length} are back`)
    })
    sockets.cutAll()
    await Promise.all(all)
    return { back, handshakes: sockets.handshakes - before }
  },

  async complete({ heads }) {
    await Promise.all(clients.map((client) => client.received(heads[client.roomId] ?? 0)))
    const flawed = clients.filter((client) => client.isFlawed).length
    return { complete: clients.length, flawed }
  },
})
