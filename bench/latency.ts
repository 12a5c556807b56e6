import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { startLocalRun } from '../test/support/local-run.ts'
import { exchange, type Latencies, type Room } from './exchange.ts'
import { joinedRoom } from './members.ts'
import { median, percentile } from './percentiles.ts'
import { watchProcessors } from './processors.ts'
import { type Cell, progress, rounded, table, verdict } from './report.ts'

const size = 20
const rounds = 3

/** Short stretches, taken in turn, so that what else the machine does meets both alike. */
const stretches = [
  { perSecond: 1, seconds: 5 },
  { perSecond: 20, seconds: 4 },
  { perSecond: 50, seconds: 4 },
]

/** The p99 of send-to-seen at 20 messages a second, as a multiple of the bare server's. */
const target = { perSecond: 20, most: 10 }

/** How long a message takes through everything that the local run runs, beside a server that only broadcasts. */
export async function latency(): Promise<string> {
  const run = await startLocalRun()
  const broadcast = await startBroadcast()
  try {
    const { roomId, members } = await joinedRoom(run, size)
    const sockets = members.map(({ socket }) => socket.removeAllListeners('message'))
    const local: Room = { roomId, sockets }
    const bare: Room = { roomId, sockets: await Promise.all(Array.from({ length: size }, () => open(broadcast.url))) }
    progress('latency: warming up')
    for (const room of [local, bare]) await exchange(room, 50, 150)
    const taken: Taken[] = stretches.map((stretch) => ({ ...stretch, local: nothing(), bare: nothing(), busy: [] }))
    for (let round = 1; round <= rounds; round++) {
      for (const { perSecond, seconds, ...of } of taken) {
        progress(`latency: ${perSecond} messages a second, round ${round} of ${rounds}`)
        const watched = watchProcessors()
        add(of.local, await exchange(local, perSecond, perSecond * seconds))
        of.busy.push(watched())
        add(of.bare, await exchange(bare, perSecond, perSecond * seconds))
      }
    }
    for (const socket of [...local.sockets, ...bare.sockets]) socket.close()
    const head = ['messages a second', 'from send to', 'samples', 'p50 ms', 'bare', 'ratio', 'p99 ms', 'bare', 'ratio']
    return table([...head, 'missing', 'processors busy, %', 'target'], taken.flatMap(rowsOf))
  } finally {
    broadcast.stop()
    await run.stop()
  }
}

interface Taken {
  perSecond: number
  seconds: number
  /** Percent of the processors, in each stretch of the local run. */
  busy: number[]
  local: Latencies
  bare: Latencies
}

function rowsOf({ perSecond, local, bare, busy }: Taken): Cell[][] {
  return (['reply', 'seen'] as const).map((what) => {
    const pair = (share: number) => {
      const [mine, floor] = [percentile(local[what], share), percentile(bare[what], share)]
      return [rounded(mine), rounded(floor), rounded(mine / floor)] as const
    }
    const [p50, p99] = [pair(0.5), pair(0.99)]
    const aimed = perSecond === target.perSecond && what === 'seen'
    return [
      perSecond,
      what,
      local[what].length,
      ...p50,
      ...p99,
      local.missing,
      median(busy),
      aimed ? verdict(p99[2], target.most) : '',
    ]
  })
}

const nothing = (): Latencies => ({ reply: [], seen: [], missing: 0 })

function add(sum: Latencies, { reply, seen, missing }: Latencies): void {
  sum.reply.push(...reply)
  sum.seen.push(...seen)
  sum.missing += missing
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  return socket
}

async function startBroadcast(): Promise<{ url: string; stop(): void }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/broadcast-server.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill())
  const [url]: unknown[] = await once(createInterface({ input: child.stdout }), 'line')
  return { url: String(url), stop: () => void child.kill() }
}
