import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface LocalRun {
  /** ws://127.0.0.1:<port>/<stage> */
  url: string
  origin: string
  pid: number
  /** Ends it as ctrl-C would, and waits. */
  stop(): Promise<number | null>
  /** Ends it as a power cut would, and waits. */
  kill(): Promise<void>
  token(user: string, claims?: Record<string, string>): Promise<string>
}

const running = new Set<ChildProcess>()

/** `npm start` on a free port, as a process of its own. Resolves at its Ready line. */
export async function startLocalRun(environment: Record<string, string> = {}): Promise<LocalRun> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => {
    running.delete(child)
    return code ?? null
  })
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line)
      const ready = /^Ready: (ws:\S+)$/.exec(line)?.[1]
      if (ready) resolve(ready)
    })
    void exited.then((code) => reject(new Error(`The local run ended with ${code}:\n${said.join('\n')}`)))
  })
  const origin = url.replace(/^ws:/, 'http:').replace(/\/[^/]*$/, '')
  return {
    url,
    origin,
    pid: child.pid ?? 0,
    stop: () => (child.kill('SIGTERM') ? exited : exited),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    token: async (user, claims = {}) => {
      const response = await fetch(`${origin}/token?${new URLSearchParams({ user, ...claims })}`)
      if (!response.ok) throw new Error(`No token for ${user}: ${response.status}`)
      return response.text()
    },
  }
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
