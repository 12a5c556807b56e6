import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'

/** The status of an upgrade request from a page of this origin. */
async function statusFor(run: LocalRun, origin: string): Promise<number> {
  const socket = new WebSocket(run.url, ['chat.v1', `bearer.${await run.token('alice')}`], { origin })
  socket.on('error', () => {})
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode)),
  ])
  socket.terminate()
  return status
}

describe.each([
  ['a list', 'http://localhost:5173,https://chat.example.com'],
  ['*', '*'],
])('a local run with ORIGINS set to %s', (name, ORIGINS) => {
  let run: LocalRun
  beforeAll(async () => {
    run = await startLocalRun({ ORIGINS })
  })
  afterAll(() => run.stop())

  const admitted: Record<string, readonly string[]> = {
    'a list': ['http://localhost:5173', 'https://chat.example.com'],
    '*': ['http://localhost:5173', 'http://localhost:5174', 'https://127.0.0.1:8443', 'http://[::1]:4321'],
  }
  const others = ['https://chat.example.com', 'http://localhost:5174', 'http://localhost.example.com', 'null']

  it('admits the pages of these origins and its own pages, and no others', async () => {
    const named = admitted[name] ?? []
    const own = [run.origin, run.origin.replace('127.0.0.1', 'localhost')]
    for (const origin of [...own, ...named]) expect([origin, await statusFor(run, origin)]).toEqual([origin, 101])
    for (const origin of others.filter((one) => !named.includes(one))) {
      expect([origin, await statusFor(run, origin)]).toEqual([origin, 403])
    }
  })
})
