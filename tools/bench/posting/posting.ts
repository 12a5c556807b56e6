import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildSync } from 'esbuild'
import { buildOptions } from '../../../infra/bundle.ts'
import { selfSigned } from '../../../test/support/socket/certificate.ts'
import { progress } from '../progress.ts'
import type { Findings } from '../report.ts'
import { startServer } from '../spawned.ts'
import { findings, type Round } from './table.ts'
import { type Way, wayNames, ways } from './ways.ts'

const rounds = 3
const many = 10_000

/** The ways alternate this often in each round, so that other load on the machine affects all of them. */
const turns = 5
const few = 100
const first = 500

/** The response time of API Gateway, approximately. */
const farMs = 8

interface Measurement {
  posts: number
  processorSeconds: number
  peakMiB: number
}

interface Poster {
  post(latencyMs: number, count: number): Promise<Measurement>
  stop(): Promise<unknown>
}

/** The cost of a post: by this project, by the SDK's client used well and as in samples, and by the minimal client. */
export async function posting(): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const { cert, key } = selfSigned('127.0.0.1')
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  const program = join(folder, 'posting.mjs')
  buildSync({ ...buildOptions, entryPoints: ['tools/bench/posting/run.ts'], outfile: program })
  const peer = await startServer('posting/peer.ts', folder)
  const start = (way: Way) => startPoster(program, way, peer.url, join(folder, 'cert.pem'))
  const running: Poster[] = []
  try {
    const warm = new Map<Way, Poster>()
    for (const way of wayNames) {
      progress(`posting: warming up, ${ways[way].name}`)
      const poster = start(way)
      running.push(poster)
      warm.set(way, poster)
      for (const latencyMs of [0, farMs]) await poster.post(latencyMs, many)
    }
    const measurements: Round[] = []
    for (let round = 1; round <= rounds; round++) {
      const sums = new Map(wayNames.map((way) => [way, { near: nothing(), far: nothing() }]))
      for (let turn = 1; turn <= turns; turn++) {
        progress(`posting: round ${round} of ${rounds}, turn ${turn} of ${turns}`)
        for (const [way, { near, far }] of sums) {
          add(near, await warm.get(way)?.post(0, many / turns))
          add(far, await warm.get(way)?.post(farMs, many / turns))
        }
      }
      for (const [way, { near, far }] of sums) {
        progress(`posting: round ${round} of ${rounds}, ${ways[way].name}, fresh processes`)
        const fresh = await inNewProcess(start(way), first)
        const [small, large] = [await inNewProcess(start(way), few), await inNewProcess(start(way), many)]
        measurements.push({
          way,
          round,
          near: rate(near),
          far: rate(far),
          fresh: rate(fresh),
          smallMiB: small.peakMiB,
          largeMiB: large.peakMiB,
        })
      }
    }
    return findings(measurements)
  } finally {
    for (const poster of running) await poster.stop()
    await peer.stop()
    rmSync(folder, { recursive: true })
  }
}

const nothing = (): Measurement => ({ posts: 0, processorSeconds: 0, peakMiB: 0 })

function add(sum: Measurement, more: Measurement | undefined): void {
  sum.posts += more?.posts ?? 0
  sum.processorSeconds += more?.processorSeconds ?? 0
}

const rate = ({ posts, processorSeconds }: Measurement) => posts / processorSeconds

/** The posts of a new process, which ends afterwards. */
async function inNewProcess(poster: Poster, count: number): Promise<Measurement> {
  try {
    return await poster.post(farMs, count)
  } finally {
    await poster.stop()
  }
}

function startPoster(program: string, way: Way, peer: string, certificate: string): Poster {
  const child = spawn(process.execPath, [program, way, peer], {
    env: { NODE_EXTRA_CA_CERTS: certificate, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async post(latencyMs, count) {
      child.stdin.write(`${latencyMs} ${count}\n`)
      const line = await lines.next()
      if (line.done) throw new Error(`${ways[way].name}: the process ended.`)
      return JSON.parse(line.value)
    },
    stop() {
      child.stdin.end()
      return exited
    },
  }
}
