import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { synthesize } from '../../../local/template/load.ts'
import { type LocalRun, startLocalRun } from '../local-run/local-run.ts'
import { ampleQuotas, type SharedRun, type Start } from './prepared.ts'

/** Stands for the origins of a run, which are known when it has its port. */
const placeholder = 'https://origins.invalid'

/** Makes what test files share when the first one asks: a test of one function must not wait for a synthesis. */
export default async function setup(): Promise<void> {
  await mkdir('dist', { recursive: true })
  // Below the root, so that the bundle finds the packages that are not part of it.
  const folder = resolve(await mkdtemp(join('dist', 'prepared-')))
  let start: Promise<Start> | undefined
  const runs = new Map<string, Promise<LocalRun>>()

  const answers: Record<string, (worker: string) => Promise<Start | SharedRun>> = {
    '/start': () => {
      start ??= prepareStart(folder)
      return start
    },
    '/run': async (worker) => {
      const run = runs.get(worker) ?? startLocalRun()
      runs.set(worker, run)
      const { url, origin } = await run
      return { url, origin }
    },
  }
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://127.0.0.1')
    const answer = answers[pathname]
    if (!answer) return void response.writeHead(404).end(`Nothing is prepared at ${pathname}.`)
    answer(search).then(
      (prepared) => response.end(JSON.stringify(prepared)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  process.env.PREPARED = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  endings.push(async () => {
    delete process.env.PREPARED
    server.close()
    server.closeAllConnections()
    for (const run of runs.values()) await run.then(({ stop }) => stop()).catch(() => {})
    await rm(folder, { recursive: true })
  })
}

/** Run by `teardown.ts`, which jest loads apart from this file. */
const endings: (() => Promise<void>)[] = []
Object.assign(globalThis, { endPrepared: async () => void (await Promise.all(endings.splice(0).map((end) => end()))) })

/** Synthesizes the stack and bundles the local run: both take seconds, for every run. */
async function prepareStart(folder: string): Promise<Start> {
  const [assembly, main] = [join(folder, 'assembly'), join(folder, 'main.mjs')]
  const context = { ...ampleQuotas, allowedOrigins: placeholder }
  const { signal } = new AbortController()
  await Promise.all([
    synthesize({ root: process.cwd(), outDir: assembly, context, signal }),
    build({
      entryPoints: ['local/main.ts'],
      outfile: main,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'warning',
    }),
  ])
  const app = ['node', resolve('test/support/prepared/app.mjs'), assembly, placeholder].join(' ')
  return { args: [main], environment: { APP: app } }
}
