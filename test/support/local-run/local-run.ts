import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fromSources, prepared } from '../prepared/prepared.ts'

export interface RunningLocally {
  /** `ws://127.0.0.1:<port>/<stage>` */
  url: string
  origin: string
  token(user: string, claims?: Record<string, string>): Promise<string>
  /** Ends the run, unless other test files use it too. */
  stop(): Promise<unknown>
}

export interface LocalRun extends RunningLocally {
  pid: number
  /** Ends the run by a signal, as ctrl-C does, and resolves when it has ended. */
  stop(): Promise<number | null>
  /** Kills the run, as a power cut does, and resolves when it has ended. */
  kill(): Promise<void>
}

/** The variables from which the stack is synthesized: with one of them a run cannot use the prepared synthesis. */
const ofSynthesis = ['APP', 'CONTEXT', 'ISSUERS', 'SERVICES', 'GUESTS']

const running = new Set<ChildProcess>()

/** Starts a local run on a free port, in a separate process. Resolves when it prints its URL. */
export async function startLocalRun(environment: Record<string, string> = {}): Promise<LocalRun> {
  const isPrepared = !ofSynthesis.some((name) => environment[name] !== undefined)
  const { args, environment: given } = (isPrepared && (await prepared('start'))) || fromSources
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', ...given, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => {
    running.delete(child)
    return code ?? null
  })
  const output: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line)
      const ready = /^Ready: (ws:\S+)$/.exec(line)?.[1]
      if (ready) resolve(ready)
    })
    void exited.then((code) => reject(new Error(`The local run ended with ${code}:\n${output.join('\n')}`)))
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
    token: tokenFrom(origin),
  }
}

/** The run that test files use one after another; one of its own if jest runs without `prepared/setup.ts`. */
export async function sharedLocalRun(): Promise<RunningLocally> {
  const run = await prepared('run')
  return run ? { ...run, token: tokenFrom(run.origin), stop: async () => undefined } : startLocalRun()
}

/** Asks the issuer of the run at this origin for tokens. */
const tokenFrom =
  (origin: string): LocalRun['token'] =>
  async (user, claims = {}) => {
    const response = await fetch(`${origin}/token?${new URLSearchParams({ user, ...claims })}`)
    if (!response.ok) throw new Error(`No token for ${user}: ${response.status}`)
    return response.text()
  }

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
