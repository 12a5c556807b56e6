import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

export interface Engine {
  endpoint: string
  stop(): Promise<void>
}

/**
 * Shell script that ends the database when its standard input closes. The runner holds the other end, so the database
 * also ends when the runner is killed, and releases its file.
 */
const watchdog = 'exec 3<&0; "$@" >/dev/null 2>&1 <&- & db=$!; (cat <&3 >/dev/null; kill $db) & wait $db'

/** Starts the embedded DynamoDB, or checks that the given endpoint answers. */
export async function startEngine(options: {
  root: string
  endpoint?: string | undefined
  data?: string | undefined
}): Promise<Engine> {
  if (options.endpoint) {
    await checkEndpoint(options.endpoint)
    return { endpoint: options.endpoint, stop: async () => {} }
  }
  const port = await freePort()
  const file = options.data ? ['--db-path', options.data] : []
  const command = [findBinary(options.root), 'serve', '--host', '127.0.0.1', '--port', String(port), ...file]
  // In its own process group the database does not get ctrl-C of the terminal; the runner ends it instead.
  const child = spawn('/bin/sh', ['-c', watchdog, 'database', ...command], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await Promise.race([
    waitUntilListening(port),
    ended.then(() => {
      const hint = options.data ? ` Can DATA name a database file at ${options.data}?` : ''
      throw new Error(`The database ended before it listened.${hint}`)
    }),
  ])
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

function findBinary(root: string): string {
  const candidates = [
    join(root, 'node_modules/@dynoxide/linux-x64/dynoxide'),
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'dynoxide')),
  ]
  const [packaged] = candidates
  const found = (process.platform === 'linux' && process.arch === 'x64' ? candidates : candidates.slice(1)).find(
    existsSync,
  )
  if (found) return found
  throw new Error(
    `No DynamoDB to run on. Set DYNAMODB_ENDPOINT to one that runs, install the package @dynoxide/linux-x64 (${packaged}), or put dynoxide on the PATH.`,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Any response, even an error, shows that the database runs. */
async function checkEndpoint(endpoint: string): Promise<void> {
  await fetch(endpoint).catch(() => {
    throw new Error(`DYNAMODB_ENDPOINT is ${endpoint}, where nothing answers.`)
  })
}

/** Connects until it succeeds: the database does not print when it is ready. */
async function waitUntilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await setTimeout(5)
  }
  throw new Error(`The database does not answer at port ${port}`)
}
